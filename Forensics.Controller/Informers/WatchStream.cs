using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Controller.Informers;

/// <summary>Watches a collection, an event a line.</summary>
/// <param name="shortest">The server is asked to end every watch after this or up to twice as long, at random.</param>
internal sealed class WatchStream<T>(CollectionEndpoint endpoint, ResourceType<T> type, SharedStrings shared, TimeSpan shortest, TimeProvider time)
{
    // If the server does not end it, its end of the connection is dead: then the client's own deadline does, a little later.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timeout = shortest * (1 + Jitter.Next());
        using var deadline = new CancellationTokenSource(timeout + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);

        var query = $"?watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}&timeoutSeconds={(int)timeout.TotalSeconds}";
        using var response = await endpoint.GetAsync(query, either.Token);
        var lines = await CollectionEndpoint.BodyOfAsync(response, either.Token);
        try
        {
            while (await ReadAsync(lines, deadline.Token, either.Token) is { } read)
            {
                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, out var line)) yield return Decode(line);
                if (read.IsCompleted)
                {
                    if (!buffer.IsEmpty) throw new EndOfStreamException("The watch stream was cut off in the middle of an event.");
                    yield break;
                }

                CollectionEndpoint.ExpectAnEnd(buffer);
                lines.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    private WatchEvent<T> Decode(in ReadOnlySequence<byte> line)
    {
        using var piece = new OnePiece(line);
        return WireJson.ReadEvent(piece.Span, type, shared);
    }

    // Null when the client's own deadline has passed: a silent watch ends like one that the server ended.
    private static async Task<ReadResult?> ReadAsync(PipeReader lines, CancellationToken deadline, CancellationToken either)
    {
        try
        {
            return await lines.ReadAsync(either);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }
}
