using System.Net.Sockets;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Retries;
using Forensics.Api;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Polly;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>gRPC over the runtime's socket, one call at a time, with everything that can go wrong told as
/// <see cref="RuntimeException"/>. Every call only reads, so one that may pass the next time is made again.</summary>
internal sealed class GrpcSocket : IDisposable
{
    // What containerd sends at the most.
    private const int LongestAnswer = 16 << 20;
    private const int LongestMessage = 4096;

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly ResiliencePipeline _retry;
    private readonly CriOptions _options;

    public GrpcSocket(CriOptions options, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _retry = TransientRetry.Create(options.Retries, e => e is RuntimeException { IsTransient: true }, clock, logger);
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = (_, token) => UnixSocket.ConnectAsync(options.Socket, token),
                UseProxy = false,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LongestAnswer,
            MaxRetryAttempts = 1,
        });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>Null if the server has no such method.</summary>
    public async Task<TAnswer?> TryCallAsync<TRequest, TAnswer>(
        string service, string method, TRequest request, CancellationToken cancellationToken, Metadata? headers = null)
        where TRequest : class, IMessage<TRequest>
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var form = new Method<TRequest, TAnswer>(MethodType.Unary, service, method, Form<TRequest>(null), Form(new MessageParser<TAnswer>(() => new TAnswer())));
        return await _retry.ExecuteAsync(async token => await OnceAsync(form, request, headers, token), cancellationToken);
    }

    public void Dispose() => _channel.Dispose();

    private async Task<TAnswer?> OnceAsync<TRequest, TAnswer>(
        Method<TRequest, TAnswer> method, TRequest request, Metadata? headers, CancellationToken cancellationToken)
        where TRequest : class
        where TAnswer : class
    {
        try
        {
            var call = new CallOptions(headers, DateTime.UtcNow + _options.StallTime, cancellationToken);
            return await _calls.AsyncUnaryCall(method, null, call, request);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Told(e);
        }
    }

    private RuntimeException Told(RpcException error)
    {
        var said = EscapedText.Of(error.Status.Detail[..Math.Min(error.Status.Detail.Length, LongestMessage)]);
        return error switch
        {
            { Status.DebugException: { } cause } when SocketError(cause) is { } socket => new RuntimeException(
                Reasons.RuntimeUnreachable,
                $"The container runtime cannot be reached at {_options.Socket}: {UnixSocket.Word(socket)}. Check that it runs and that this is its socket.",
                error)
            { IsTransient = true },
            { StatusCode: StatusCode.NotFound } => Gone(said, error),
            // CRI-O's code for it was Unknown before 1.20.
            { StatusCode: StatusCode.Unknown } when said.Contains("could not find", StringComparison.Ordinal) => Gone(said, error),
            { StatusCode: StatusCode.DeadlineExceeded } => new RuntimeException(
                Reasons.RuntimeFailed, $"The container runtime has not answered for {_options.StallTime.TotalSeconds:0} s; it may hang.", error),
            { StatusCode: StatusCode.Unavailable or StatusCode.Internal } => new RuntimeException(
                Reasons.RuntimeFailed, $"The container runtime broke off: {said}", error)
            { IsTransient = true },
            // containerd that has just started says so with this code.
            _ => new RuntimeException(Reasons.RuntimeFailed, $"The container runtime answered {error.StatusCode}: {said}", error)
            { IsTransient = error.StatusCode == StatusCode.Unknown },
        };
    }

    private static RuntimeException Gone(string said, RpcException error) =>
        new(Reasons.ContainerGone, $"The runtime holds no such container any more: {said}", error);

    private static SocketException? SocketError(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is SocketException socket) return socket;
        return null;
    }

    private static Marshaller<T> Form<T>(MessageParser<T>? parser)
        where T : IMessage<T> =>
        Marshallers.Create(message => message.ToByteArray(), bytes => parser!.ParseFrom(bytes));
}
