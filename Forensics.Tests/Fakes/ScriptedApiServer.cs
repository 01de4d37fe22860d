using System.Collections.Concurrent;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Fakes;

/// <summary>An API server on loopback that answers lists and watches by script. Without one a list is empty, and a watch is
/// silent and open.</summary>
internal sealed class ScriptedApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _lists = new();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _watches = new();
    private WebApplication? _app;
    private int _port;

    public ConcurrentQueue<ApiRequest> Requests { get; } = new();

    /// <summary>What a path's lists hold that no script answers.</summary>
    public ConcurrentDictionary<string, string> Lists { get; } = new();

    /// <summary>The requests so far, a line each.</summary>
    public IEnumerable<string> Story => Requests.Select(request => request.ToString());

    public static async Task<ScriptedApiServer> StartAsync()
    {
        var server = new ScriptedApiServer();
        await server.StartAgainAsync();
        return server;
    }

    public Kubernetes Connect() => new(new KubernetesClientConfiguration { Host = $"http://127.0.0.1:{_port}", AccessToken = "secret" });

    /// <summary>The next list is answered like this.</summary>
    public void OnList(string json) => _lists.Enqueue(context => AnswerAsync(context, 200, json));

    /// <summary>The next list is refused.</summary>
    public void OnList(int code, string reason, string message = "") =>
        _lists.Enqueue(context => AnswerAsync(context, code, ApiJsonText.Status(code, reason, message)));

    /// <summary>The next list is never answered.</summary>
    public void OnListSilence() => _lists.Enqueue(context =>
        Never.EndsAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

    /// <summary>The next watch is refused.</summary>
    public void OnWatch(int code, string reason) =>
        _watches.Enqueue(context => AnswerAsync(context, code, ApiJsonText.Status(code, reason)));

    /// <summary>The next watch is what the test makes of it.</summary>
    public ScriptedWatch OnWatch()
    {
        var watch = new ScriptedWatch();
        _watches.Enqueue(watch.ServeAsync);
        return watch;
    }

    /// <summary>From now on connections are refused.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>On the same port as before.</summary>
    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        _app = builder.Build();
        _app.Run(ServeAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private Task ServeAsync(HttpContext context)
    {
        var request = new ApiRequest(context.Request.Path, context.Request.Query, context.Request.Headers.Authorization);
        Requests.Enqueue(request);
        var script = request.IsWatch ? _watches : _lists;
        if (script.TryDequeue(out var answer)) return answer(context);
        if (request.IsWatch) return new ScriptedWatch().ServeAsync(context);
        return AnswerAsync(context, 200, Lists.GetValueOrDefault(request.Path, ApiJsonText.List("1")));
    }

    private static async Task AnswerAsync(HttpContext context, int code, string json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }
}
