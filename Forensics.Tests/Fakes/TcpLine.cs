using System.Net;
using System.Net.Sockets;

namespace Forensics.Tests.Fakes;

/// <summary>A way to a server over TCP that can be lost without a word, as when a machine on it dies: both ends keep their connections,
/// and nothing arrives any more.</summary>
internal sealed class TcpLine : IAsyncDisposable
{
    private readonly int _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _serving;
    private int _connections;
    private int _lost;
    private int _answers;

    /// <param name="server">Its port on loopback.</param>
    public TcpLine(int server)
    {
        _server = server;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>That were ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How often the server has sent something.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Nothing passes any more on the connections that there are. New ones find their way.</summary>
    public void Lose() => Volatile.Write(ref _lost, Connections);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ends.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ends.Token);
                open.Add(ServeAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _ends.Token);
            var (near, far) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(PumpAsync(near, far, number, () => { }), PumpAsync(far, near, number, () => Interlocked.Increment(ref _answers)));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, int number, Action onPass)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _ends.Token) is > 0 and var read)
        {
            if (number <= Volatile.Read(ref _lost)) continue; // As if it had never come.
            await to.WriteAsync(buffer.AsMemory(0, read), _ends.Token);
            onPass();
        }
    }
}
