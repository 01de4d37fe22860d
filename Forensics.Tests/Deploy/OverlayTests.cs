using System.Text.Json.Nodes;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>What each overlay renders, held against what docs/security.md says of it.</summary>
[Category("Cluster")] // For its kubectl.
[TestFixtureSource(typeof(Overlay), nameof(Overlay.All))]
internal sealed class OverlayTests(string overlay)
{
    private const string EnforceLabel = "pod-security.kubernetes.io/enforce";

    private IReadOnlyList<JsonObject> _manifests = [];

    [OneTimeSetUp]
    public async Task RenderAsync() => _manifests = await Overlay.RenderAsync(overlay);

    [Test]
    public void The_controller_obeys_the_restricted_profile() => PodSecurity.ViolationsOfRestricted(_manifests.Controller()).Should()
        .BeEquivalentTo(overlay == Overlay.Local ? WithoutAPodNetwork : [], "only the cluster without a pod network needs more");

    [Test]
    public void The_controllers_namespace_enforces_that_profile() =>
        Label(RealCluster.SystemNamespace).Should().Be(overlay == Overlay.Local ? null : "restricted");

    [Test]
    public void The_agents_namespace_allows_them_their_sockets() => Label(RealCluster.WorkerNamespace).Should().Be("privileged");

    [Test]
    public void No_namespace_audits_or_warns_by_another_profile_than_it_enforces()
    {
        foreach (var labels in _manifests.Where(manifest => manifest.Kind() == "Namespace").Select(manifest => manifest["metadata"]!["labels"]!))
        {
            var profiles = new[] { "enforce", "audit", "warn" }.Select(mode => labels[$"pod-security.kubernetes.io/{mode}"]?.GetValue<string>());
            profiles.Distinct().Should().ContainSingle();
        }
    }

    [Test]
    public void An_agent_has_no_token()
    {
        Spec["automountServiceAccountToken"]!.GetValue<bool>().Should().BeFalse();
        _manifests.Only("ServiceAccount", "forensics-agent")["automountServiceAccountToken"]!.GetValue<bool>().Should().BeFalse();
        Spec["serviceAccountName"]!.GetValue<string>().Should().Be("forensics-agent");
    }

    [Test]
    public void An_agent_is_root_with_two_capabilities_and_nothing_else()
    {
        // It must own the runtime's socket, read what other users own, and see overlayfs' marks; in all other respects it is
        // restricted as well.
        PodSecurity.ViolationsOfRestricted(_manifests.Agent()).Should()
            .BeEquivalentTo([.. overlay == Overlay.Local ? ["host namespaces: hostNetwork"] : Array.Empty<string>(), "runAsNonRoot: agent", "runAsUser: agent is root", "capabilities: agent adds DAC_READ_SEARCH", "capabilities: agent adds SYS_ADMIN"]);
        Spec["containers"]!.AsArray().Should().OnlyContain(agent => agent!["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
    }

    [Test]
    public void No_template_mounts_anything_of_a_node_by_itself() =>
        new[] { _manifests.Agent(), _manifests.Controller() }.Should().OnlyContain(template => template["spec"]!["volumes"] == null);

    [Test]
    public void Agents_give_way_to_nobody_and_push_nobody_out()
    {
        Spec["priorityClassName"]!.GetValue<string>().Should().Be("forensics");
        _manifests.Only("PriorityClass", "forensics")["preemptionPolicy"]!.GetValue<string>().Should().Be("Never");
    }

    [Test]
    public void Images_have_a_tag() =>
        new[] { _manifests.Agent(), _manifests.Controller() }.SelectMany(template => template["spec"]!["containers"]!.AsArray())
            .Select(container => container!["image"]!.GetValue<string>()).Should().OnlyContain(image => image.Contains(':'));

    private static readonly string[] WithoutAPodNetwork =
        ["host namespaces: hostNetwork", "host probes: manager", "host probes: manager"];

    private JsonObject Spec => _manifests.Agent()["spec"]!.AsObject();

    private string? Label(string namespaceName) =>
        _manifests.Only("Namespace", namespaceName)["metadata"]!["labels"]?[EnforceLabel]?.GetValue<string>();
}
