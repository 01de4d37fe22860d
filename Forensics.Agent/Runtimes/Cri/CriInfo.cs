using System.Text.Json;
using Forensics.Api;
using Google.Protobuf.Collections;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>What we need of the verbose part of a status. It is each runtime's own, in no contract: what is not there is null.</summary>
internal sealed record CriInfo
{
    /// <summary>containerd: which snapshot, kept by whom.</summary>
    public string? SnapshotKey { get; init; }
    public string? Snapshotter { get; init; }

    /// <summary>The OCI runtime, by type or by name.</summary>
    public string? RuntimeType { get; init; }
    public string? Image { get; init; }

    /// <summary>Of the OCI specification: the root as the OCI runtime was given it.</summary>
    public string? RootPath { get; init; }

    /// <summary>Of the OCI specification: what of the node is mounted at /dev/shm. Null for a tmpfs of the container's own.</summary>
    public string? SharedMemory { get; init; }

    /// <summary>Of the OCI specification.</summary>
    public UserNamespace? UserNamespace { get; init; }

    public static CriInfo Of(MapField<string, string> info) => Of(info.TryGetValue("info", out var json) ? json : "{}");

    /// <param name="inspected">What <see cref="CriInspect"/> has made.</param>
    public static CriInfo Of(ReadOnlyMemory<byte> inspected)
    {
        using var document = JsonDocument.Parse(inspected);
        return Of(document.RootElement.Member("info"));
    }

    private static CriInfo Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return new CriInfo();
        }
    }

    private static CriInfo Of(JsonElement info)
    {
        var specification = info.Member("runtimeSpec");
        return new CriInfo
        {
            SnapshotKey = info.Member("snapshotKey").Text(),
            Snapshotter = info.Member("snapshotter").Text(),
            Image = info.Member("image").Text(),
            RuntimeType = info.Member("runtimeType").Text()
                ?? specification.Member("annotations").Member("io.kubernetes.cri-o.RuntimeHandler").Text(),
            RootPath = specification.Member("root").Member("path").Text(),
            SharedMemory = SharedMemoryIn(specification.Member("mounts")),
            UserNamespace = CriUserNamespace.In(specification),
        };
    }

    private static string? SharedMemoryIn(JsonElement mounts) => mounts.ValueKind == JsonValueKind.Array
        ? mounts.EnumerateArray()
            .Where(mount => mount.Member("destination").Text() == "/dev/shm")
            .Select(mount => mount.Member("source").Text())
            .LastOrDefault(source => source?.StartsWith('/') == true)
        : null;
}
