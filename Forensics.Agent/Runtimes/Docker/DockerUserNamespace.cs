using System.Globalization;
using System.Text.Json;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Tells by the daemon's folders whether it maps ids (userns-remap): all that it keeps is then in one called <c>UID.GID</c>,
/// by what the containers' root is on the node.</summary>
internal static class DockerUserNamespace
{
    /// <summary>Null if there is none. How large the ranges are it does not say.</summary>
    public static UserNamespace? In(JsonElement inspected) =>
        inspected.Member("HostConfig").Member("UsernsMode").Text() != "host"
        && inspected.Member("ResolvConfPath").Text()?.Split('/') is [.., var folder, "containers", _, _]
        && folder.Split('.') is [var user, var group] && Number(user) is { } uid && Number(group) is { } gid
            ? new UserNamespace { UidMap = [new IdMapping { HostId = uid }], GidMap = [new IdMapping { HostId = gid }] }
            : null;

    private static long? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
