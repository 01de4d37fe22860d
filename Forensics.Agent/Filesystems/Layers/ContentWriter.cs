using System.Buffers;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Reads a file's content straight into the archive. As many bytes as were announced are written, whatever becomes of the
/// file meanwhile: what cannot be read is zeros, and noted.</summary>
internal sealed class ContentWriter(IBufferWriter<byte> output, ArchiveTally tally)
{
    // So that a request to stop is heard.
    private const int LongestRead = 1 << 20;

    // A disk fails by its blocks: what lies beyond a bad one may be sound. After so many in a row nothing will be.
    private const int Unreadable = 4096;
    private const int MostUnreadable = 256;

    private readonly UncachedReader _reader = new();

    /// <returns>True if all was there.</returns>
    public bool Write(WalkedEntry entry, long offset, long length, CancellationToken cancellationToken)
    {
        var whole = true;
        for (var end = offset + length; offset < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = Read(entry.Content, offset, end - offset);
            if (read > 0)
            {
                output.Advance(read);
                offset += read;
                continue;
            }

            whole = false;
            offset += read == 0 ? Shrunk(entry, offset, end - offset) : LeaveOut(entry, offset, end - offset, -read, cancellationToken);
        }

        return whole;
    }

    public void Zeros(long length)
    {
        while (length > 0)
        {
            var span = output.GetSpan(1);
            var zeros = (int)Math.Min(span.Length, length);
            span[..zeros].Clear();
            output.Advance(zeros);
            length -= zeros;
        }
    }

    private int Read(int content, long offset, long length)
    {
        var span = output.GetSpan(1);
        span = span[..(int)Math.Min(Math.Min(span.Length, LongestRead), length)];
        return _reader.Read(content, span, offset);
    }

    private long Shrunk(WalkedEntry entry, long offset, long length)
    {
        Zeros(length);
        tally.Note(new ArchiveNote(NoteKind.Shrunk, entry.Name) { Offset = offset, Length = length });
        return length;
    }

    /// <summary>Zeros for as long as nothing can be read.</summary>
    private long LeaveOut(WalkedEntry entry, long offset, long length, int errno, CancellationToken cancellationToken)
    {
        long left = 0;
        Span<byte> probe = stackalloc byte[1];
        for (var blocks = 0; left < length; blocks++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (blocks == MostUnreadable) left = length;
            else left = Math.Min(length, left + Unreadable - ((offset + left) % Unreadable));
            if (left < length && _reader.Read(entry.Content, probe, offset + left) >= 0) break;
        }

        Zeros(left);
        tally.Note(new ArchiveNote(NoteKind.ContentUnreadable, entry.Name) { Errno = errno, Offset = offset, Length = left });
        return left;
    }
}
