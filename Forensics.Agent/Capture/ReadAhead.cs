using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Forensics.Agent.Capture;

/// <summary>Reads a stream while its earlier bytes are still being hashed and sent, a few MiB ahead at most.</summary>
internal static class ReadAhead
{
    // Pieces too small for .NET's large object heap, and no more of them than its shared pool keeps for two cores. Beyond that
    // each is garbage of its own: an export of 600 MB then allocated 1.5 GB, and the process grew to 240 MiB.
    private const int Ahead = 2 << 20;
    private const int PieceLength = 64 * 1024;

    // A piece is filled by several reads; the daemon sends 32 KiB at once.
    private const int LeastRead = 16 * 1024;

    /// <summary>Yields everything that came before an error, then throws it. A piece is valid until the next.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, minimumSegmentSize: PieceLength, useSynchronizationContext: false));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filling = FillAsync(stream, pipe.Writer, stop.Token);
        try
        {
            ReadResult result;
            do
            {
                result = await pipe.Reader.ReadAsync(cancellationToken);
                foreach (var piece in result.Buffer) yield return piece;
                pipe.Reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        finally
        {
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await filling;
    }

    /// <summary>The pipe's end is always a plain one: an error given to it would overtake the bytes before it.</summary>
    private static async Task FillAsync(Stream stream, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            FlushResult flushed;
            int read;
            do
            {
                read = await stream.ReadAsync(writer.GetMemory(LeastRead), cancellationToken);
                writer.Advance(read);
                flushed = await writer.FlushAsync(cancellationToken);
            }
            while (read > 0 && !flushed.IsCompleted);
        }
        finally
        {
            await writer.CompleteAsync();
        }
    }
}
