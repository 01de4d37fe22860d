using Forensics.Api;

namespace Forensics.Agent.Storage.Compressing;

internal static class Compressors
{
    // Each has 2 MiB of frames and the compressor's own memory, and the pod's limit does not grow with the node.
    private const int MostWorkers = 8;

    /// <summary>Compresses on as many processors as this process may use (.NET counts those that the pod's CPU limit leaves), within reason.</summary>
    public static CompressingWriter To(IEvidenceWriter inner, CompressionKind compression) =>
        new(inner, () => compression == CompressionKind.Zstd ? new ZstdFrames() : new GzipFrames(), WorkersOn(Environment.ProcessorCount));

    public static int WorkersOn(int processors) => Math.Min(processors, MostWorkers);
}
