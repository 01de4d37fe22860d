using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>An answer's body whose end can be trusted: a broken connection and a long silence are errors, never an end.</summary>
internal sealed class GuardedStream : Stream
{
    private readonly Stream _inner;
    private readonly TimeSpan _stallTime;
    private readonly CancellationTokenSource _stalled;

    public GuardedStream(Stream inner, TimeSpan stallTime, TimeProvider clock)
    {
        _inner = inner;
        _stallTime = stallTime;
        _stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static RuntimeException Stalled(TimeSpan stallTime, Exception inner) => new(
        Reasons.RuntimeFailed, $"The Docker daemon has sent nothing for {stallTime.TotalSeconds:0} s; it may hang.", inner);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // One source for the stream's life rather than one a read: a large export is read in a hundred thousand pieces.
        await using var caller = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _stalled);
        try
        {
            _stalled.CancelAfter(_stallTime);
            var read = await _inner.ReadAsync(buffer, _stalled.Token);
            _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            return read;
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Stalled(_stallTime, e);
        }
        catch (IOException e)
        {
            throw new RuntimeException(Reasons.StreamTruncated, $"The Docker daemon broke off in mid-stream: {e.Message}", e) { IsCut = true };
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reading is asynchronous.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _stalled.Dispose();
        }

        base.Dispose(disposing);
    }
}
