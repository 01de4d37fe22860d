using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Forensics.Tests.Fakes;

/// <summary>Stands in front of a real S3 server and fails by script; what it lets through is the server's own answer. The
/// request's signature covers the Host header, which therefore stays the client's.</summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    // They hold for one connection only (RFC 9110, 7.6.1), or are Kestrel's to write.
    private static readonly HashSet<string> NotForwarded = new(["Connection", "Keep-Alive", "Transfer-Encoding", "Expect"], StringComparer.OrdinalIgnoreCase);

    private readonly WebApplication _app;
    private readonly HttpClient _server;
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private TaskCompletionSource _gate = Opened();

    private S3Proxy(WebApplication app, Uri server)
    {
        _app = app;
        _server = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.Zero })
        {
            BaseAddress = server,
        };
    }

    public string Endpoint => _app.Urls.Single();

    /// <summary>Every attempt, as <c>Action key part N</c>.</summary>
    public ConcurrentQueue<S3Attempt> Attempts { get; } = new();

    /// <summary>Asked for each attempt, before anything is sent on.</summary>
    public Func<S3Attempt, S3Fault> Script { get; set; } = _ => S3Fault.None;

    public static async Task<S3Proxy> StartAsync(Uri server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var proxy = new S3Proxy(app, server);
        app.Run(proxy.ServeAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>From now on parts wait here, so that an upload stands still in its middle for as long as a test likes.</summary>
    public void HoldParts() => Volatile.Write(ref _gate, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void ReleaseParts() => Volatile.Read(ref _gate).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        ReleaseParts();
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = Describe(context.Request);
        var attempt = request with { Number = _attempts.AddOrUpdate(request.ToString(), 1, (_, before) => before + 1) };
        Attempts.Enqueue(attempt);
        try
        {
            if (attempt.Action == "Part") await Volatile.Read(ref _gate).Task.WaitAsync(context.RequestAborted);
            await ServeAsync(context, Script(attempt));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody waits for an answer.
        }
    }

    private async Task ServeAsync(HttpContext context, S3Fault fault)
    {
        switch (fault)
        {
            case S3Fault.Dropped:
                context.Abort();
                break;
            case S3Fault.SlowDown:
                await context.Request.Body.CopyToAsync(Stream.Null);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.ContentType = "application/xml";
                await context.Response.WriteAsync("<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");
                break;
            default:
                using (var answer = await ForwardAsync(context.Request, context.RequestAborted))
                {
                    if (fault == S3Fault.AnswerLost) context.Abort();
                    else await AnswerAsync(context.Response, answer);
                }

                break;
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), request.GetEncodedPathAndQuery());
        // One that says nothing of a body has none, and the server would refuse the chunks that an unknown length becomes.
        forwarded.Content = request.ContentLength is null ? new ByteArrayContent([]) : new StreamContent(request.Body);
        foreach (var (name, values) in request.Headers.Where(header => !NotForwarded.Contains(header.Key)))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                forwarded.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await _server.SendAsync(forwarded, cancellationToken);
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotForwarded.Contains(header.Key)))
            response.Headers[name] = new StringValues(values.ToArray());
        if (response.StatusCode != StatusCodes.Status204NoContent) await answer.Content.CopyToAsync(response.Body);
    }

    private static S3Attempt Describe(HttpRequest request)
    {
        var query = request.Query;
        var action = (request.Method, query.ContainsKey("uploads"), query.ContainsKey("uploadId")) switch
        {
            ("POST", true, _) => "Begin",
            ("PUT", _, true) => "Part",
            ("POST", _, true) => "Complete",
            ("DELETE", _, true) => "Abort",
            ("PUT", _, _) => "Put",
            _ => request.Method,
        };
        return new S3Attempt(action, request.Path.Value!.TrimStart('/'), int.Parse("0" + query["partNumber"], CultureInfo.InvariantCulture), 0);
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}

/// <param name="Action">Put, Begin, Part, Complete or Abort.</param>
/// <param name="Key">Bucket and key.</param>
/// <param name="Part">0 for what is none.</param>
/// <param name="Number">Which attempt at this very request it is, from 1.</param>
internal sealed record S3Attempt(string Action, string Key, int Part, int Number);
