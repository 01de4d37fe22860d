using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Fakes;

/// <summary>An API server on loopback that has room for one Lease, with the real one's optimistic concurrency.</summary>
internal sealed class LeaseServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private V1Lease? _lease;
    private int _version;
    private int _held;

    private LeaseServer(WebApplication app) => _app = app;

    /// <summary>Answers 503 while true.</summary>
    public bool Down { get; set; }

    /// <summary>Answers what is not a read so, without doing it; null: as it should.</summary>
    public (int Code, string Reason)? AnswerToWrites { get; set; }

    /// <summary>Answers to writes are held back until this is done; what was asked for is done before.</summary>
    public Task AnswersMayLeave { get; set; } = Task.CompletedTask;

    /// <summary>Called before a write is carried out: somebody else may write first.</summary>
    public Action? BeforeWrite { get; set; }

    public int Requests { get; private set; }

    /// <summary>Somebody waits for an answer that may not leave yet.</summary>
    public bool HoldsAnAnswer => Volatile.Read(ref _held) > 0;

    public V1LeaseSpec? Lease
    {
        get
        {
            lock (_lock) return _lease?.Spec;
        }
    }

    public static async Task<LeaseServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new LeaseServer(app);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    public Kubernetes Connect() => new(new KubernetesClientConfiguration { Host = _app.Urls.Single() });

    /// <summary>As if another replica had written it.</summary>
    public void HoldBy(string holder, int? seconds = 15, DateTime? renewed = null)
    {
        lock (_lock)
        {
            _lease = new V1Lease
            {
                Metadata = new V1ObjectMeta { Name = "x", ResourceVersion = $"{++_version}" },
                Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = seconds, RenewTime = renewed, AcquireTime = renewed, LeaseTransitions = 1 },
            };
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var (code, answer) = Down ? (503, ApiJsonText.Status(503, "ServiceUnavailable")) : Serve(context.Request.Method, body);
        if (context.Request.Method != "GET" && !AnswersMayLeave.IsCompleted)
        {
            Interlocked.Increment(ref _held);
            await AnswersMayLeave;
            Interlocked.Decrement(ref _held);
        }

        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer);
    }

    private (int Code, string Body) Serve(string method, string body)
    {
        if (method != "GET" && AnswerToWrites is var (code, reason))
        {
            Requests++;
            return (code, ApiJsonText.Status(code, reason));
        }

        if (method != "GET") BeforeWrite?.Invoke();
        lock (_lock)
        {
            Requests++;
            if (method == "GET") return _lease is null ? (404, ApiJsonText.Status(404, "NotFound")) : (200, KubernetesJson.Serialize(_lease));

            var written = KubernetesJson.Deserialize<V1Lease>(body);
            var conflict = method == "POST" ? _lease is not null : _lease?.Metadata.ResourceVersion != written.Metadata.ResourceVersion;
            if (conflict) return (409, ApiJsonText.Status(409, "Conflict"));
            written.Metadata.ResourceVersion = $"{++_version}";
            _lease = written;
            return (200, KubernetesJson.Serialize(written));
        }
    }
}
