using System.Security.Cryptography;
using System.Text.Json;

namespace Forensics.Api;

/// <summary>SHA-256 of a spec's JSON in lower-case hex. The plan keeps it, so that a spec changed later is seen.</summary>
public static class SpecHash
{
    public static string Of(PodCheckpointSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Normal(spec), ApiJson.Compact.PodCheckpointSpec)));

    // Empty and absent mean the same, and clients write the one for the other. How long the PodCheckpoint stays is no part of what
    // was asked to be captured.
    private static PodCheckpointSpec Normal(PodCheckpointSpec spec) => spec with
    {
        Subpath = string.IsNullOrEmpty(spec.Subpath) ? null : spec.Subpath,
        Namespace = string.IsNullOrEmpty(spec.Namespace) ? null : spec.Namespace,
        TtlSecondsAfterFinished = null,
        Volumes = spec.Volumes is { Count: 0 } ? null : spec.Volumes,
        Export = spec.Export is null or { Method: null or "", Compression: null or "" }
            ? null
            : new ExportSpec { Method = spec.Export.Method ?? "", Compression = spec.Export.Compression ?? "" },
    };
}
