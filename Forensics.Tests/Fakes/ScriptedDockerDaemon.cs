using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Fakes;

/// <summary>A Docker daemon on a socket of its own that answers by script.</summary>
internal sealed class ScriptedDockerDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();

    private ScriptedDockerDaemon(WebApplication app, string directory)
    {
        _app = app;
        _directory = directory;
    }

    /// <summary>Paths asked for, without their query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();
    public ConcurrentQueue<string> Queries { get; } = new();
    public string Socket => Path.Combine(_directory, "docker.sock");

    public static async Task<ScriptedDockerDaemon> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("forensics-docker-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(directory, "docker.sock")));
        var app = builder.Build();
        var daemon = new ScriptedDockerDaemon(app, directory);
        app.Run(daemon.ServeAsync);
        await app.StartAsync();
        return daemon;
    }

    /// <summary>Answers a path, such as <c>/containers/ID/json</c>.</summary>
    public void On(string path, RequestDelegate answer) => _answers[path] = answer;

    public void OnText(string path, string body) => On(path, context => context.Response.WriteAsync(body));

    public void OnBytes(string path, byte[] body) => On(path, context => context.Response.Body.WriteAsync(body).AsTask());

    /// <summary>Sends a beginning, then breaks the connection in the middle of a chunk.</summary>
    public void OnCut(string path, byte[] beginning) => On(path, async context =>
    {
        await context.Response.Body.WriteAsync(beginning);
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>Sends a beginning, then nothing more.</summary>
    public void OnHang(string path, byte[] beginning) => On(path, async context =>
    {
        if (beginning.Length > 0)
        {
            await context.Response.Body.WriteAsync(beginning);
            await context.Response.Body.FlushAsync();
        }

        await Never.EndsAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    public void OnRefusal(string path, int status, string message, int times = int.MaxValue, string afterwards = "{}")
    {
        var left = times;
        On(path, context =>
        {
            if (Interlocked.Decrement(ref left) < 0) return context.Response.WriteAsync(afterwards);
            context.Response.StatusCode = status;
            return context.Response.WriteAsync($$"""{"message":"{{message}}"}""");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>One frame of the log stream: 1 for stdout, 2 for stderr, 3 for the daemon's own error.</summary>
    public static byte[] LogFrame(byte source, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        return [source, 0, 0, 0, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue(path);
        Queries.Enqueue(context.Request.QueryString.Value ?? "");
        if (_answers.TryGetValue(path, out var answer)) return answer(context);
        context.Response.StatusCode = 404;
        return context.Response.WriteAsync("""{"message":"No such container"}""");
    }
}
