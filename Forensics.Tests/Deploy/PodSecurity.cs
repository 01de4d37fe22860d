using System.Text.Json.Nodes;

namespace Forensics.Tests.Deploy;

/// <summary>The <c>restricted</c> profile of the Pod Security Standards, for clusters that cannot enforce it themselves: the
/// one-machine cluster is too old for the admission that does. Each complaint names the rule and the place.</summary>
internal static class PodSecurity
{
    private static readonly string[] Volumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    private static readonly string[] Sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
    ];

    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    /// <param name="template">A pod template: metadata and spec.</param>
    public static IReadOnlyList<string> ViolationsOfRestricted(JsonObject template)
    {
        var spec = template["spec"]!.AsObject();
        return [.. OfPod(template, spec), .. Containers(spec).SelectMany(container => OfContainer(container, spec["securityContext"]))];
    }

    private static IEnumerable<string> OfPod(JsonObject template, JsonObject spec)
    {
        foreach (var shared in new[] { "hostNetwork", "hostPID", "hostIPC" })
            if (IsTrue(spec[shared])) yield return $"host namespaces: {shared}";
        foreach (var volume in Items(spec["volumes"]))
            foreach (var type in volume.Select(field => field.Key).Where(field => field != "name" && !Volumes.Contains(field)))
                yield return $"volume types: {volume["name"]} is {type}";
        foreach (var sysctl in Items(spec["securityContext"]?["sysctls"]).Select(sysctl => Text(sysctl["name"])))
            if (!Sysctls.Contains(sysctl)) yield return $"sysctls: {sysctl}";
        foreach (var (name, profile) in template["metadata"]?["annotations"]?.AsObject() ?? [])
        {
            if (name.StartsWith("container.apparmor.security.beta.kubernetes.io/", StringComparison.Ordinal) && Text(profile) is "unconfined")
                yield return $"AppArmor: {name}";
        }

        foreach (var complaint in OfEither(spec["securityContext"], "the pod")) yield return complaint;
    }

    private static IEnumerable<string> OfContainer(JsonObject container, JsonNode? pod)
    {
        var name = Text(container["name"]);
        var own = container["securityContext"];
        if (IsTrue(own?["privileged"])) yield return $"privileged: {name}";
        if (own?["allowPrivilegeEscalation"]?.GetValue<bool>() != false) yield return $"privilege escalation: {name}";
        if (!IsTrue(own?["runAsNonRoot"] ?? pod?["runAsNonRoot"])) yield return $"runAsNonRoot: {name}";
        if (Text((own?["seccompProfile"] ?? pod?["seccompProfile"])?["type"]) is not ("RuntimeDefault" or "Localhost"))
            yield return $"seccomp: {name}";
        if (!Texts(own?["capabilities"]?["drop"]).Contains("ALL")) yield return $"capabilities: {name} does not drop ALL";
        foreach (var added in Texts(own?["capabilities"]?["add"]).Where(capability => capability != "NET_BIND_SERVICE"))
            yield return $"capabilities: {name} adds {added}";
        if (Text(own?["procMount"]) is not ("" or "Default")) yield return $"procMount: {name}";
        foreach (var port in Items(container["ports"]).Where(port => (port["hostPort"]?.GetValue<long>() ?? 0) != 0))
            yield return $"host ports: {name} {port["hostPort"]}";
        foreach (var handler in Handlers(container).Where(handler => Text((handler?["httpGet"] ?? handler?["tcpSocket"])?["host"]).Length > 0))
            yield return $"host probes: {name}";
        foreach (var complaint in OfEither(own, name)) yield return complaint;
    }

    // What pod and container can both say, and neither may say wrong.
    private static IEnumerable<string> OfEither(JsonNode? context, string who)
    {
        if (context?["runAsNonRoot"]?.GetValue<bool>() == false) yield return $"runAsNonRoot: {who}";
        if (context?["runAsUser"]?.GetValue<long>() == 0) yield return $"runAsUser: {who} is root";
        if (Text(context?["seccompProfile"]?["type"]) is "Unconfined") yield return $"seccomp: {who}";
        if (Text(context?["appArmorProfile"]?["type"]) is "Unconfined") yield return $"AppArmor: {who}";
        if (IsTrue(context?["windowsOptions"]?["hostProcess"])) yield return $"host process: {who}";
        var seLinux = context?["seLinuxOptions"];
        if (!SeLinuxTypes.Contains(Text(seLinux?["type"])) || Text(seLinux?["user"]).Length > 0 || Text(seLinux?["role"]).Length > 0)
            yield return $"SELinux: {who}";
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        new[] { "initContainers", "containers", "ephemeralContainers" }.SelectMany(list => Items(spec[list]));

    private static IEnumerable<JsonNode?> Handlers(JsonObject container) =>
    [
        container["livenessProbe"], container["readinessProbe"], container["startupProbe"],
        container["lifecycle"]?["postStart"], container["lifecycle"]?["preStop"],
    ];

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list?.AsArray() ?? []).Select(item => item!.AsObject());

    private static IEnumerable<string> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(Text);

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static bool IsTrue(JsonNode? node) => node?.GetValue<bool>() == true;
}
