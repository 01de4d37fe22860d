using System.Runtime.CompilerServices;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>The layers, read by ourselves: times, attributes and holes that the runtime's export has not, and several times faster.
/// A volume is read so as well: it is one layer.</summary>
/// <param name="problem">What the layers are known to lack; null if nothing.</param>
/// <param name="notes">Is told of every entry that is not there whole.</param>
internal sealed class LayersReading(RootLayers layers, RootProblem? problem, ArchiveOptions options, ArchiveNotes notes) : IRootReading
{
    private ArchiveSummary? _summary;

    public ExportMethod Method => ExportMethod.Layers;

    public string? Why => problem?.Message;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Inspection? inspect, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A thread of its own: it blocks on the disk, and on whoever takes the archive.
        var pieces = SlabQueue.ReadAsync(
            (slabs, token) => Task.Factory.StartNew(() => Write(slabs, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            inspect,
            Patience.WithFileSystems,
            cancellationToken);
        await using var piece = pieces.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(piece)) yield return piece.Current;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (TimeoutException e)
        {
            throw Patience.WithFileSystems.End(Reasons.LayersUnreachable, e);
        }
    }

    public Task<ArtifactFindings> FinishAsync(ExportCheck check, CancellationToken cancellationToken)
    {
        var findings = check.Finish();
        return Task.FromResult(findings.Reason is not null ? findings : Findings() with { Entries = findings.Entries });
    }

    /// <summary>Reads all of it where nothing follows it entry by entry.</summary>
    public async Task<ArtifactFindings> ReadIntoAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        await foreach (var piece in ReadAsync(inspect: null, cancellationToken)) await sink(piece, cancellationToken);
        return Findings();
    }

    private ArtifactFindings Findings() => new()
    {
        Reason = problem?.Reason ?? (notes.FirstProblem is null ? null : Reasons.EntriesMissing),
        Message = problem?.Message ?? (notes.FirstProblem is { } first ? $"Something could not be read; the first: {first}." : null),
        Entries = _summary!.Entries,
        ChangedWhileRead = notes.Changed.Paths,
        Unreadable = notes.Unreadable.Paths,
        PathsInAll = notes.PathsInAll,
        Tally = TallyOf(_summary),
    };

    private void Write(SlabQueue slabs, CancellationToken cancellationToken)
    {
        try
        {
            _summary = RootArchive.Write(layers.ToRoot(), slabs, options with { OnName = slabs.IsAlive }, notes, cancellationToken);
        }
        catch (LayerException e)
        {
            throw new RuntimeException(Reasons.LayersUnreachable, e.Message, e);
        }
    }

    private static EntryTally TallyOf(ArchiveSummary summary) => new()
    {
        Captured = summary.Captured,
        Partial = summary.Partial,
        Failed = summary.Failed,
        Skipped = summary.Skipped,
        Vanished = summary.Vanished,
    };
}
