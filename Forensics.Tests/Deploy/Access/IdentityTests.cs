using System.Text.Json.Nodes;
using Forensics.Tests.Controller;
using k8s;

namespace Forensics.Tests.Deploy.Access;

/// <summary>What each deployed identity may do, by the real API server's word, for every resource and verb that it has: what is
/// listed here and nothing beyond.</summary>
[Category("Cluster")]
internal sealed class IdentityTests
{
    private const string Controller = "forensics-controller-manager";
    private const string Agent = "forensics-agent";

    private readonly Kubernetes _kubernetes = ClusterConnection.Open();
    private AccessReviews _reviews = null!;
    private IReadOnlyList<JsonObject> _rendered = [];
    private ScratchAccess _access = null!;
    private IReadOnlySet<Right> _asked = new HashSet<Right>();
    private IReadOnlySet<Right> _everyones = new HashSet<Right>();

    [OneTimeSetUp]
    public async Task ApplyAsync()
    {
        _reviews = new AccessReviews(_kubernetes);
        _rendered = await Overlay.RenderAsync("base");
        _access = await ScratchAccess.ApplyAsync(_rendered, _reviews);
        _asked = await KnownRights.AsksAsync(
            _kubernetes, [_access.System, _access.Workers, "default"], [.. _rendered.Where(manifest => manifest.Kind() is "Role" or "ClusterRole")]);
        // Of an account that nobody has bound to anything, in a namespace that is not there: what all accounts may.
        _everyones = await _reviews.AllowedAsync($"{_access.System}-none", "nobody", _asked);
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await _access.DisposeAsync();
        _kubernetes.Dispose();
    }

    [Test]
    public async Task The_controller_may_do_what_it_must_and_nothing_beyond()
    {
        Right[] everywhere =
        [
            .. Rights("podcheckpoints.forensics.keikoproj.io", "get", "list", "watch", "delete"),
            .. Rights("podcheckpoints/status.forensics.keikoproj.io", "update"),
            .. Rights("pods", "get"),
            .. Rights("nodes", "get"),
            .. Rights("persistentvolumeclaims", "get"),
            .. Rights("persistentvolumes", "get"),
            .. Rights("events", "list", "create"),
        ];
        Right[] ofWorkers =
        [
            .. Rights("configmaps", "get", "list", "create", "delete"),
            .. Rights("jobs.batch", "get", "list", "watch", "create", "delete"),
            .. Rights("pods", "list", "watch"),
            .. Rights("pods/log", "get"),
            .. Rights("podtemplates", "get"),
        ];
        Right[] ofSystem =
        [
            .. Rights("leases.coordination.k8s.io", "create"),
            .. Rights("leases.coordination.k8s.io", "get", "update").Select(right => right with { Name = "forensics-controller-leader" }),
        ];

        Right[] listed =
        [
            .. everywhere,
            .. ofWorkers.Select(right => right with { Namespace = _access.Workers }),
            .. ofSystem.Select(right => right with { Namespace = _access.System }),
        ];

        var own = await OwnAsync(_access.System, Controller);
        Text(listed.Except(own)).Should().BeEmpty("it must be able to");
        Text(own.Except(listed)).Should().BeEmpty("it has no need to");
    }

    [Test]
    public async Task The_agent_may_do_what_everybody_may() => Text(await OwnAsync(_access.Workers, Agent)).Should().BeEmpty();

    [Test]
    public async Task An_account_that_is_not_ours_gains_nothing() => Text(await OwnAsync(_access.Workers, "default")).Should().BeEmpty();

    [Test]
    public void Nobody_else_is_bound_to_anything()
    {
        _rendered.Where(manifest => manifest.Kind() == "ServiceAccount").Select(Manifests.Name).Should().BeEquivalentTo(Controller, Agent);
        _rendered.Where(manifest => manifest.Kind() is "RoleBinding" or "ClusterRoleBinding").SelectMany(binding => binding["subjects"]!.AsArray())
            .Select(subject => $"{subject!["kind"]} {subject["namespace"]}/{subject["name"]}").Distinct()
            .Should().Equal($"ServiceAccount forensics-system/{Controller}");
    }

    [Test]
    public void All_that_could_do_harm_was_asked_about()
    {
        string[] harmful =
        [
            "get secrets", "list secrets", "create pods/exec", "create pods", "get nodes/proxy", "create nodes/proxy", "create serviceaccounts/token",
            "impersonate users", "escalate clusterroles.rbac.authorization.k8s.io", "bind roles.rbac.authorization.k8s.io",
            "create tokenreviews.authentication.k8s.io", "delete podcheckpoints.forensics.keikoproj.io", "update nodes/status",
            "create clusterrolebindings.rbac.authorization.k8s.io", "* *.*", "get /metrics", "get /logs",
        ];

        Texts(_asked).Should().Contain(harmful).And.HaveCountGreaterThan(2000);
        Texts(_everyones).Should().NotContain(harmful);
    }

    // What an account may beyond what everybody may.
    private async Task<IReadOnlySet<Right>> OwnAsync(string namespaceName, string account) =>
        Right.Essence((await _reviews.AllowedAsync(namespaceName, account, _asked)).Except(_everyones));

    private static IEnumerable<Right> Rights(string resource, params string[] verbs) => verbs.Select(verb => new Right(verb, resource));

    // One text, so that a failure shows all of them.
    private static string Text(IEnumerable<Right> rights) => string.Join(", ", Texts(rights));

    private static IEnumerable<string> Texts(IEnumerable<Right> rights) => rights.Select(right => right.ToString());
}
