using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Forensics.Tests.Fakes;

/// <summary>One watch stream in the test's hands.</summary>
internal sealed class ScriptedWatch
{
    private readonly Channel<string> _text = Channel.CreateUnbounded<string>();
    private bool _cut;

    public ScriptedWatch Send(string type, string json) => SendRaw($$"""{"type":"{{type}}","object":{{json}}}""" + "\n");

    public ScriptedWatch SendRaw(string text)
    {
        _text.Writer.TryWrite(text);
        return this;
    }

    /// <summary>Ends the stream as a server does whose timeout has come.</summary>
    public void End() => _text.Writer.TryComplete();

    /// <summary>Breaks the connection.</summary>
    public void Cut()
    {
        _cut = true;
        End();
    }

    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var text in _text.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text);
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return; // The client went away.
        }

        if (_cut) context.Abort();
    }
}
