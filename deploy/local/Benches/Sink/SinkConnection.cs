using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Forensics.Local;

/// <summary>Serves one connection of an <see cref="S3Sink"/>: one request after the other, each body hashed and dropped.</summary>
internal sealed class SinkConnection(Socket socket, S3Sink sink) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    public async Task ServeAsync(CancellationToken cancellation)
    {
        while (await ReadHeadAsync(cancellation) is { } request)
        {
            if (request.ExpectsContinue) await SendAsync("HTTP/1.1 100 Continue\r\n\r\n", cancellation);
            var sha256 = await HashBodyAsync(request.ContentLength, cancellation);
            var answer = sink.Answer(request, sha256);
            await SendAsync(
                $"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Body.Length}\r\nETag: \"{answer.ETag}\"\r\nContent-Type: application/xml\r\n\r\n{answer.Body}",
                cancellation);
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Null at the connection's end.</summary>
    private async Task<SinkRequest?> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                var request = SinkRequest.Parse(_buffer.AsSpan(_start, length));
                _start += length + 4;
                return request;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (!await ReceiveAsync(cancellation)) return null;
        }
    }

    private async Task<string> HashBodyAsync(long length, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            var taken = (int)Math.Min(length, _end - _start);
            hash.AppendData(_buffer.AsSpan(_start, taken));
            _start += taken;
            length -= taken;
            if (length == 0) return Convert.ToHexStringLower(hash.GetHashAndReset());
            (_start, _end) = (0, 0);
            if (!await ReceiveAsync(cancellation)) throw new IOException("The connection ended within a body.");
        }
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellation)
    {
        var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
        _end += received;
        return received > 0;
    }

    private async Task SendAsync(string text, CancellationToken cancellation) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(text).AsMemory(), cancellation);
}
