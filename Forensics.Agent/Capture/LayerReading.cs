using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Reads artifacts from directories of the node: the layers of a container, or a volume.</summary>
internal static class LayerReading
{
    /// <summary>The whole file system as a tar archive.</summary>
    public static ArtifactReading Archive(Func<CancellationToken, Task<RootLocation>> locate) => async (sink, cancellationToken) =>
    {
        var location = await locate(cancellationToken);
        var findings = new LayerFindings();
        ArchiveSummary? summary = null;
        await WriteAsync(
            (output, stop) => summary = RootArchive.Write(RootOf(location), output, new ArchiveOptions(), findings, stop), sink, cancellationToken);
        return findings.Sum(summary!.Entries, location.Problem);
    };

    /// <summary>A volume, which has no layers.</summary>
    public static ArtifactReading Directory(string directory) =>
        Archive(_ => Task.FromResult(new RootLocation(new RootLayers("", null, [directory]), null)));

    /// <summary>The engine blocks where disk or store do, so it has a thread of its own.</summary>
    private static async Task WriteAsync(Action<SlabQueue, CancellationToken> write, ByteSink sink, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var piece in SlabQueue.ReadAsync(
                (queue, stop) => Task.Factory.StartNew(() => write(queue, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default), cancellationToken))
            {
                await sink(piece, cancellationToken);
            }
        }
        catch (LayerException e)
        {
            throw new RuntimeException(Reasons.LayersUnreachable, e.Message, e);
        }
    }

    private static LayeredRoot RootOf(RootLocation location) => location.Layers?.ToRoot()
        ?? throw new RuntimeException(location.Problem!.Reason, location.Problem.Message);
}
