using System.Net.Sockets;

namespace Forensics.Agent.Runtimes;

/// <summary>How a runtime is reached: a socket in the file system.</summary>
internal static class UnixSocket
{
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>.NET's own word for a missing socket file, "cannot assign requested address", leads nobody to it.</summary>
    public static string Word(SocketException error) =>
        error.SocketErrorCode == SocketError.AddressNotAvailable ? "there is no such file" : error.Message;
}
