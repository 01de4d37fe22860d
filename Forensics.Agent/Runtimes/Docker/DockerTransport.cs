using Forensics.Agent.Retries;
using Microsoft.Extensions.Logging;
using Polly;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>HTTP over the daemon's socket, with everything that can go wrong told as <see cref="RuntimeException"/>. Both our own
/// client and Docker.DotNet sit on it: the latter's own transport can take a broken stream for a finished one.</summary>
internal sealed class DockerTransport : DelegatingHandler
{
    private readonly ResiliencePipeline _retry;

    private DockerTransport(HttpMessageHandler inner, ResiliencePipeline retry)
        : base(inner) => _retry = retry;

    public static DockerTransport Create(DockerOptions options, TimeProvider clock, ILogger logger)
    {
        var socket = new SocketsHttpHandler
        {
            ConnectCallback = (_, token) => UnixSocket.ConnectAsync(options.Socket, token),
            UseProxy = false,
            AllowAutoRedirect = false,
        };
        var retry = TransientRetry.Create(options.Retries, e => e is RuntimeException { IsTransient: true }, clock, logger);
        return new DockerTransport(new DockerAnswerHandler(socket, options, clock), retry);
    }

    /// <summary>Every call is a GET without a body, so it may be sent again until an answer begins.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
}
