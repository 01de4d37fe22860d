using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Fakes;

/// <summary>A container runtime's gRPC on a socket of its own that answers by script; what is not scripted is Unimplemented.</summary>
internal sealed class ScriptedCri : IAsyncDisposable
{
    private const int FramePrefix = 5;
    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly ConcurrentDictionary<string, Func<byte[], HttpContext, Task<IMessage>>> _answers = new();

    private ScriptedCri(WebApplication app, string directory)
    {
        _app = app;
        _directory = directory;
    }

    public string Socket => Path.Combine(_directory, "cri.sock");

    /// <summary>Methods asked for, such as <c>/runtime.v1.RuntimeService/Version</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<ScriptedCri> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("forensics-cri-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(
            Path.Combine(directory, "cri.sock"), listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var runtime = new ScriptedCri(app, directory);
        app.Run(runtime.ServeAsync);
        await app.StartAsync();
        return runtime;
    }

    public void On<TRequest>(string method, Func<TRequest, HttpContext, IMessage> answer)
        where TRequest : IMessage<TRequest>, new() =>
        _answers[method] = (request, context) =>
            Task.FromResult(answer(new MessageParser<TRequest>(() => new TRequest()).ParseFrom(request), context));

    public void On(string method, IMessage answer) => _answers[method] = (_, _) => Task.FromResult(answer);

    public void OnRefusal(string method, StatusCode code, string message, int times = int.MaxValue, IMessage? afterwards = null)
    {
        var left = times;
        _answers[method] = (_, _) => Interlocked.Decrement(ref left) < 0
            ? Task.FromResult(afterwards!)
            : throw new RpcException(new Status(code, message));
    }

    public void OnHang(string method) => _answers[method] = async (_, context) =>
    {
        await Never.EndsAsync(context.RequestAborted);
        throw new RpcException(new Status(StatusCode.Cancelled, ""));
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var method = context.Request.Path.Value!;
        Requests.Enqueue(method);
        context.Response.ContentType = "application/grpc";
        var status = new Status(StatusCode.Unimplemented, $"unknown method {method}");
        if (_answers.TryGetValue(method, out var answer))
        {
            try
            {
                await SendAsync(context, await answer(await MessageAsync(context), context));
                status = Status.DefaultSuccess;
            }
            catch (RpcException e)
            {
                status = e.Status;
            }
        }

        context.Response.AppendTrailer("grpc-status", ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", status.Detail);
    }

    // A frame: one byte (compressed or not), four of length, the message.
    private static async Task<byte[]> MessageAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray()[FramePrefix..];
    }

    private static async Task SendAsync(HttpContext context, IMessage message)
    {
        var frame = new byte[FramePrefix + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
        message.ToByteArray().CopyTo(frame, FramePrefix);
        await context.Response.Body.WriteAsync(frame);
    }
}
