using System.Buffers;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>diff.txt of a runtime that has no diff of its own: the container's layer is compared with the image's, by the rules of
/// <c>docker diff</c>.</summary>
internal static class LayersDiff
{
    /// <param name="changes">Takes what was added or changed.</param>
    public static async Task<ArtifactFindings> ReadAsync(RootLayers layers, ChangedPaths changes, ByteSink sink, CancellationToken cancellationToken)
    {
        var notes = new ArchiveNotes(null, cancellationToken);
        await foreach (var piece in SlabQueue.ReadAsync(
            (slabs, token) => Task.Factory.StartNew(
                () => Read(layers, changes, slabs, notes, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            inspect: null,
            patience: null, // Where nothing was changed there is nothing to say.
            cancellationToken))
        {
            await sink(piece, cancellationToken);
        }

        return new ArtifactFindings
        {
            Reason = notes.FirstProblem is null ? null : Reasons.EntriesMissing,
            Message = MessageOf(notes, changes),
            Unreadable = notes.Unreadable.Paths,
            PathsInAll = notes.PathsInAll,
        };
    }

    private static string? MessageOf(ArchiveNotes notes, ChangedPaths changes)
    {
        var missing = notes.FirstProblem is { } first ? $"Something could not be compared, so that changes may be missing; the first: {first}." : null;
        return missing is null || changes.Dropped == 0 ? missing ?? changes.DroppedMessage : $"{missing} {changes.DroppedMessage}";
    }

    private static void Read(
        RootLayers layers, ChangedPaths changes, SlabQueue lines, ArchiveNotes notes, CancellationToken cancellationToken)
    {
        try
        {
            RootDiff.Read(layers.ToRoot(), See, notes, cancellationToken);
        }
        catch (LayerException e)
        {
            throw new RuntimeException(Reasons.LayersUnreachable, e.Message, e);
        }

        void See(ChangeKind kind, ReadOnlySpan<byte> path)
        {
            if (kind != ChangeKind.Deleted) changes.Add(kind, path);
            lines.Write(kind switch { ChangeKind.Added => "A "u8, ChangeKind.Deleted => "D "u8, _ => "C "u8 });
            EscapedText.Write(path, lines);
            lines.Write("\n"u8);
        }
    }
}
