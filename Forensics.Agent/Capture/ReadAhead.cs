namespace Forensics.Agent.Capture;

/// <summary>Reads a stream while its earlier bytes are still being hashed and sent, 2 MiB ahead at most.</summary>
internal static class ReadAhead
{
    /// <summary>Yields everything that came before an error, then throws it. A piece is valid until the next.</summary>
    /// <param name="inspect">Is given each piece before it is yielded; null for nothing.</param>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Stream stream, Inspection? inspect, CancellationToken cancellationToken) =>
        SlabQueue.ReadAsync((slabs, token) => FillAsync(stream, slabs, token), inspect, patience: null, cancellationToken);

    private static async Task FillAsync(Stream stream, SlabQueue slabs, CancellationToken cancellationToken)
    {
        int read;
        do
        {
            read = await stream.ReadAsync(await slabs.GetMemoryAsync(cancellationToken), cancellationToken);
            slabs.Advance(read);
        }
        while (read > 0);
    }
}
