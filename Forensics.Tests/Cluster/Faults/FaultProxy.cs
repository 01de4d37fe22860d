using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Stands between a controller and the real API server, over TLS and HTTP/1.1 or 2 as the client likes, and does to
/// requests and to the events of watches what the script says. What it lets through is the server's own answer.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _server;
    private readonly IFaultScript _script;
    private readonly CancellationTokenSource _ends = new();

    private FaultProxy(WebApplication app, HttpClient server, IFaultScript script) => (_app, _server, _script) = (app, server, script);

    public Uri Address => new(_app.Urls.Single());

    /// <param name="server">Line to the API server; it stays the caller's.</param>
    public static async Task<FaultProxy> StartAsync(HttpClient server, IFaultScript script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(ProxyCertificate.Value);
        }));
        var app = builder.Build();
        var proxy = new FaultProxy(app, server, script);
        app.Run(proxy.ServeAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync(); // Lets go of what hangs.
        await _app.StopAsync(_ends.Token);
        await _app.DisposeAsync();
        _ends.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ends.Token);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, gone.Token);
            await _script.ServeAsync(new Exchange(context, ApiCall.Of(context.Request, body.ToArray()), body.ToArray(), this, gone.Token));
        }
        catch (Exception e) when (gone.IsCancellationRequested && e is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort(); // The controller is dead, or the run is over: nobody waits for an answer.
        }
    }

    /// <summary>Sends a request on, with the sender's own headers.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string pathAndQuery, IHeaderDictionary headers, byte[] body, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(method, pathAndQuery)
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = body.Length > 0 ? new ByteArrayContent(body) : null,
        };
        foreach (var (name, values) in headers.Where(header => ServerAnswer.Passes(header.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await _server.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Passes a watch on, line by line as they come.</summary>
    public async Task RelayWatchAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var response = exchange.Context.Response;
        var request = exchange.Context.Request;
        using var answer = await SendAsync(HttpMethod.Get, request.GetEncodedPathAndQuery(), request.Headers, [], cancellationToken);
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in ServerAnswer.HeadersOf(answer)) response.Headers[name] = values;
        await response.Body.FlushAsync(cancellationToken);

        var lines = PipeReader.Create(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (true)
        {
            var read = await lines.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, buffer.GetPosition(1, end)).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (!await _script.RelayAsync(exchange, line)) return;
            }

            if (read.IsCompleted)
            {
                await exchange.WriteLineAsync(buffer.ToArray()); // A refusal has no line's end.
                return;
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
