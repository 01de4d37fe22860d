using System.Globalization;
using System.Text.Json.Nodes;
using Forensics.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>One request in the proxy's hands, and all that may be done with it.</summary>
internal sealed class Exchange(HttpContext context, ApiCall call, byte[] body, FaultProxy proxy, CancellationToken gone)
{
    public HttpContext Context => context;

    public ApiCall Call => call;

    public byte[] Body => body;

    /// <summary>Request and answer pass as if there were no proxy.</summary>
    public async Task PassOnAsync()
    {
        if (call.Verb == "watch") await proxy.RelayWatchAsync(this, gone);
        else await AnswerAsync(await ForwardAsync());
    }

    /// <summary>The server gets the request, and what it says is read to its end.</summary>
    public Task<ServerAnswer> ForwardAsync() =>
        SendAsync(new HttpMethod(context.Request.Method), context.Request.GetEncodedPathAndQuery(), body);

    /// <summary>Asks the server something else, by this request's right.</summary>
    public Task<ServerAnswer> AskAsync(string pathAndQuery) => SendAsync(HttpMethod.Get, pathAndQuery, []);

    public async Task AnswerAsync(ServerAnswer answer)
    {
        Begin(answer);
        await context.Response.Body.WriteAsync(answer.Body, gone);
    }

    /// <summary>Headers and half of the body, then the line is cut.</summary>
    public async Task AnswerHalfAsync(ServerAnswer answer)
    {
        Begin(answer);
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), gone);
        await context.Response.Body.FlushAsync(gone);
        Cut();
    }

    /// <summary>An error as the API server words it.</summary>
    public Task RefuseAsync(int code, string reason, string message, int? retryAfterSeconds = null)
    {
        if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(new ServerAnswer(code, [KeyValuePair.Create("Content-Type", new[] { "application/json" })], StatusObject(code, reason, message)));
    }

    /// <summary>One more line of a watch.</summary>
    public async Task WriteLineAsync(ReadOnlyMemory<byte> line)
    {
        await context.Response.Body.WriteAsync(line, gone);
        await context.Response.Body.FlushAsync(gone);
    }

    public void Cut() => context.Abort();

    /// <summary>Nothing more is heard, until the client gives up.</summary>
    public Task HangAsync() => Never.EndsAsync(gone);

    /// <summary>For as long as a server lags behind.</summary>
    public Task LagAsync(TimeSpan lag) => Task.Delay(lag, gone);

    /// <summary>Lags behind something else.</summary>
    public async Task LagAsync(Task behind, TimeSpan lag)
    {
        await behind.WaitAsync(gone);
        await LagAsync(lag);
    }

    public static byte[] StatusObject(int code, string reason, string message) => System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    }.ToJsonString());

    private void Begin(ServerAnswer answer)
    {
        context.Response.StatusCode = answer.Code;
        foreach (var (name, values) in answer.Headers) context.Response.Headers[name] = values;
    }

    private async Task<ServerAnswer> SendAsync(HttpMethod method, string pathAndQuery, byte[] content)
    {
        using var answer = await proxy.SendAsync(method, pathAndQuery, context.Request.Headers, content, gone);
        return new ServerAnswer((int)answer.StatusCode, ServerAnswer.HeadersOf(answer), await answer.Content.ReadAsByteArrayAsync(gone));
    }
}
