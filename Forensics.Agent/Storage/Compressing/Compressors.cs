using Forensics.Api;

namespace Forensics.Agent.Storage.Compressing;

internal static class Compressors
{
    /// <summary>Compresses on as many processors as this process may use: .NET counts those that the pod's CPU limit leaves.</summary>
    public static CompressingWriter To(IEvidenceWriter inner, CompressionKind compression) =>
        new(inner, () => compression == CompressionKind.Zstd ? new ZstdFrames() : new GzipFrames(), Environment.ProcessorCount);
}
