using System.Globalization;
using System.Text.Json.Nodes;

namespace Forensics.Tests.Deploy;

/// <summary>The profile, and that each of its rules would be noticed.</summary>
internal sealed class PodSecurityTests
{
    [Test]
    public void The_controller_is_restricted() => PodSecurity.ViolationsOfRestricted(Controller()).Should().BeEmpty();

    [TestCase("spec.hostNetwork", "true", "host namespaces: hostNetwork")]
    [TestCase("spec.hostPID", "true", "host namespaces: hostPID")]
    [TestCase("spec.hostIPC", "true", "host namespaces: hostIPC")]
    [TestCase("spec.volumes", """[{"name":"v","hostPath":{"path":"/"}}]""", "volume types: v is hostPath")]
    [TestCase("spec.volumes", """[{"name":"v","nfs":{"path":"/"}}]""", "volume types: v is nfs")]
    [TestCase("spec.securityContext.sysctls", """[{"name":"kernel.msgmax","value":"1"}]""", "sysctls: kernel.msgmax")]
    [TestCase("spec.securityContext.runAsNonRoot", "null", "runAsNonRoot: manager")]
    [TestCase("spec.securityContext.runAsNonRoot", "false", "runAsNonRoot: the pod")]
    [TestCase("spec.securityContext.seccompProfile", "null", "seccomp: manager")]
    [TestCase("spec.securityContext.runAsUser", "0", "runAsUser: the pod is root")]
    [TestCase("spec.securityContext.seLinuxOptions", """{"type":"spc_t"}""", "SELinux: the pod")]
    [TestCase("spec.securityContext.appArmorProfile", """{"type":"Unconfined"}""", "AppArmor: the pod")]
    [TestCase("metadata.annotations", """{"container.apparmor.security.beta.kubernetes.io/manager":"unconfined"}""", "AppArmor: container.apparmor.security.beta.kubernetes.io/manager")]
    [TestCase("spec.securityContext.windowsOptions", """{"hostProcess":true}""", "host process: the pod")]
    [TestCase("spec.containers.0.securityContext.privileged", "true", "privileged: manager")]
    [TestCase("spec.containers.0.securityContext.allowPrivilegeEscalation", "null", "privilege escalation: manager")]
    [TestCase("spec.containers.0.securityContext.allowPrivilegeEscalation", "true", "privilege escalation: manager")]
    [TestCase("spec.containers.0.securityContext.runAsNonRoot", "false", "runAsNonRoot: manager")]
    [TestCase("spec.containers.0.securityContext.runAsUser", "0", "runAsUser: manager is root")]
    [TestCase("spec.containers.0.securityContext.seccompProfile", """{"type":"Unconfined"}""", "seccomp: manager")]
    [TestCase("spec.containers.0.securityContext.capabilities", "null", "capabilities: manager does not drop ALL")]
    [TestCase("spec.containers.0.securityContext.capabilities.drop", """["NET_RAW"]""", "capabilities: manager does not drop ALL")]
    [TestCase("spec.containers.0.securityContext.capabilities.add", """["SYS_ADMIN"]""", "capabilities: manager adds SYS_ADMIN")]
    [TestCase("spec.containers.0.securityContext.procMount", "\"Unmasked\"", "procMount: manager")]
    [TestCase("spec.containers.0.ports.0.hostPort", "8080", "host ports: manager 8080")]
    [TestCase("spec.containers.0.livenessProbe.httpGet.host", "\"10.0.0.1\"", "host probes: manager")]
    [TestCase("spec.initContainers", """[{"name":"first","securityContext":{"allowPrivilegeEscalation":false}}]""", "capabilities: first does not drop ALL")]
    public void Whatever_the_profile_forbids_is_noticed(string place, string json, string violation)
    {
        var template = Controller();
        Set(template, place, JsonNode.Parse(json));

        PodSecurity.ViolationsOfRestricted(template).Should().Contain(violation);
    }

    [TestCase("spec.containers.0.securityContext.capabilities.add", """["NET_BIND_SERVICE"]""")]
    [TestCase("spec.volumes", """[{"name":"v","emptyDir":{}},{"name":"w","projected":{}}]""")]
    [TestCase("spec.securityContext.sysctls", """[{"name":"net.ipv4.tcp_syncookies","value":"1"}]""")]
    public void Whatever_the_profile_allows_is_let_pass(string place, string json)
    {
        var template = Controller();
        Set(template, place, JsonNode.Parse(json));

        PodSecurity.ViolationsOfRestricted(template).Should().BeEmpty();
    }

    private static JsonObject Controller() => Manifests.Read("base/controller/deployment.yaml").Controller();

    private static void Set(JsonObject template, string place, JsonNode? value)
    {
        var path = place.Split('.');
        JsonNode at = template;
        foreach (var step in path[..^1])
            at = (at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : at[step])!;
        at[path[^1]] = value;
    }
}
