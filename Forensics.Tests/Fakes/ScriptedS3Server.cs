using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Fakes;

internal enum S3Fault
{
    None,

    /// <summary>The connection breaks before the request has any effect.</summary>
    Dropped,

    /// <summary>The request is carried out, then the connection breaks.</summary>
    AnswerLost,
    SlowDown,
    InternalError,
    AccessDenied,
    NoSuchBucket,

    /// <summary>No answer until the client gives up.</summary>
    Hang,
}

/// <summary>One request as the server saw it: <see cref="Action"/> is Put, Begin, Part, Complete, Abort or Get.</summary>
internal sealed record S3Request(string Action, string Key, IHeaderDictionary Headers);

/// <summary>A path-style S3 server in memory that fails by script.</summary>
internal sealed class ScriptedS3Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> _uploads = new();

    private ScriptedS3Server(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();
    public ConcurrentQueue<S3Request> Requests { get; } = new();
    public int OpenUploads => _uploads.Count;

    /// <summary>Asked for each request, before it is carried out.</summary>
    public Func<S3Request, S3Fault> Script { get; set; } = _ => S3Fault.None;
    public string Endpoint => _app.Urls.Single();

    public static async Task<ScriptedS3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var server = new ScriptedS3Server(app);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Fails the first <paramref name="times"/> requests of one kind.</summary>
    public void FailFirst(string action, S3Fault fault, int times = 1)
    {
        var left = times;
        Script = request => request.Action == action && Interlocked.Decrement(ref left) >= 0 ? fault : S3Fault.None;
    }

    /// <summary>As if somebody had aborted every open upload.</summary>
    public void ForgetUploads() => _uploads.Clear();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var action = (context.Request.Method, query.ContainsKey("uploads"), query.ContainsKey("uploadId")) switch
        {
            ("POST", true, _) => "Begin",
            ("PUT", _, true) => "Part",
            ("POST", _, true) => "Complete",
            ("DELETE", _, true) => "Abort",
            ("PUT", _, _) => "Put",
            _ => "Get",
        };
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new S3Request(action, context.Request.Path.Value!.TrimStart('/'), CopyOf(context.Request.Headers));
        Requests.Enqueue(request);

        var fault = Script(request);
        switch (fault)
        {
            case S3Fault.Dropped:
                context.Abort();
                return;
            case S3Fault.Hang:
                await Never.EndsAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case S3Fault.SlowDown:
                await AnswerErrorAsync(context, 503, nameof(S3Fault.SlowDown));
                return;
            case S3Fault.InternalError:
                await AnswerErrorAsync(context, 500, nameof(S3Fault.InternalError));
                return;
            case S3Fault.AccessDenied:
                await AnswerErrorAsync(context, 403, nameof(S3Fault.AccessDenied));
                return;
            case S3Fault.NoSuchBucket:
                await AnswerErrorAsync(context, 404, nameof(S3Fault.NoSuchBucket));
                return;
        }

        if (fault == S3Fault.AnswerLost) context.Response.OnStarting(() => { context.Abort(); return Task.CompletedTask; });
        await CarryOutAsync(context, request, body.ToArray());
    }

    private async Task CarryOutAsync(HttpContext context, S3Request request, byte[] body)
    {
        var uploadId = context.Request.Query["uploadId"].ToString();
        var onlyIfAbsent = context.Request.Headers.IfNoneMatch == "*";
        switch (request.Action)
        {
            case "Put" or "Complete" when onlyIfAbsent && Objects.ContainsKey(request.Key):
                await AnswerErrorAsync(context, 412, "PreconditionFailed");
                return;
            case "Put":
                Objects[request.Key] = body;
                context.Response.Headers.ETag = Tag(body);
                return;
            case "Begin":
                var id = Guid.NewGuid().ToString("N");
                _uploads[id] = [];
                await AnswerAsync(context, $"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
                return;
            case "Abort":
                _uploads.TryRemove(uploadId, out _);
                context.Response.StatusCode = 204;
                return;
            case "Part" when _uploads.TryGetValue(uploadId, out var parts):
                lock (parts) parts[int.Parse(context.Request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
                context.Response.Headers.ETag = Tag(body);
                return;
            case "Complete" when _uploads.TryRemove(uploadId, out var parts):
                Objects[request.Key] = parts.Values.SelectMany(part => part).ToArray();
                await AnswerAsync(context, "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>");
                return;
            case "Part" or "Complete":
                await AnswerErrorAsync(context, 404, "NoSuchUpload");
                return;
            case "Get" when Objects.TryGetValue(request.Key, out var stored):
                await context.Response.Body.WriteAsync(stored);
                return;
            default:
                await AnswerErrorAsync(context, 404, "NoSuchKey");
                return;
        }
    }

    /// <summary>Kestrel reuses its own when the request has ended.</summary>
    private static HeaderDictionary CopyOf(IHeaderDictionary headers) => new(headers.ToDictionary(StringComparer.OrdinalIgnoreCase));

    private static string Tag(byte[] body) => $"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"";

    private static Task AnswerErrorAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, $"<Error><Code>{code}</Code><Message>scripted</Message></Error>");
    }

    private static Task AnswerAsync(HttpContext context, string xml)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
    }
}
