using System.Net;
using System.Net.Sockets;

namespace Forensics.Local;

internal sealed record SinkAnswer(string Status, string ETag, string Body = "");

/// <param name="Bytes">Of bodies that were not refused.</param>
/// <param name="Unproven">Bodies whose request bore no hash of them.</param>
internal sealed record SinkTally(long Bytes, int Unproven)
{
    public static SinkTally operator -(SinkTally after, SinkTally before) => new(after.Bytes - before.Bytes, after.Unproven - before.Unproven);
}

/// <summary>What benchmarks upload to: speaks as much of S3 as an upload takes (PUT, multipart), checks each body against the SHA-256
/// that its request was signed with, and keeps nothing. Any bucket, any key, any credentials. On loopback.</summary>
internal sealed class S3Sink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private long _bytes;
    private int _unproven;
    private int _uploads;

    private S3Sink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>What it has got until now.</summary>
    public SinkTally Tally => new(Interlocked.Read(ref _bytes), Volatile.Read(ref _unproven));

    public static S3Sink Start() => new();

    public SinkAnswer Answer(SinkRequest request, string sha256)
    {
        if (request.ContentLength > 0 && request.Method == "PUT")
        {
            if (request.ContentSha256.Length != sha256.Length) Interlocked.Increment(ref _unproven);
            else if (request.ContentSha256 != sha256) return new SinkAnswer("400 Bad Request", "", Error("XAmzContentSHA256Mismatch"));
            Interlocked.Add(ref _bytes, request.ContentLength);
        }

        return (request.Method, request.Query) switch
        {
            ("POST", "uploads" or "uploads=") => new SinkAnswer("200 OK", "", Begun(request)),
            ("POST", _) => new SinkAnswer("200 OK", "", Completed(request)),
            ("DELETE", _) => new SinkAnswer("204 No Content", ""),
            _ => new SinkAnswer("200 OK", sha256),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new SinkConnection(socket, this);
        try
        {
            await connection.ServeAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client went away, or we do.
        }
    }

    private string Begun(SinkRequest request) =>
        $"<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>{request.Path}</Key><UploadId>{Interlocked.Increment(ref _uploads)}</UploadId></InitiateMultipartUploadResult>";

    private static string Completed(SinkRequest request) =>
        $"<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>{request.Path}</Key><ETag>\"0\"</ETag></CompleteMultipartUploadResult>";

    private static string Error(string code) => $"<Error><Code>{code}</Code><Message>The body is not what its hash says.</Message></Error>";
}
