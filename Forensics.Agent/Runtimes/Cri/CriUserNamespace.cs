using System.Text.Json;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>Reads a user namespace's maps out of the OCI specification.</summary>
internal static class CriUserNamespace
{
    // The kernel takes no more ranges in a map.
    private const int MostRanges = 340;

    /// <summary>Null if there is none, or if a map is not of its form: half of one would tell something wrong.</summary>
    public static UserNamespace? In(JsonElement specification) =>
        MapIn(specification, "uidMappings") is { } uids && MapIn(specification, "gidMappings") is { } gids
            ? new UserNamespace { UidMap = uids, GidMap = gids }
            : null;

    private static List<IdMapping>? MapIn(JsonElement specification, string name)
    {
        var ranges = specification.Member("linux").Member(name);
        if (ranges.ValueKind != JsonValueKind.Array || ranges.GetArrayLength() is 0 or > MostRanges) return null;
        var map = new List<IdMapping>();
        foreach (var range in ranges.EnumerateArray())
        {
            if (Number(range, "containerID") is not { } container || Number(range, "hostID") is not { } host || Number(range, "size") is not { } size) return null;
            map.Add(new IdMapping { ContainerId = container, HostId = host, Size = size });
        }

        return map;
    }

    private static long? Number(JsonElement range, string name) =>
        range.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt32(out var id) ? id : null;
}
