using System.Text.Json.Nodes;
using k8s;

namespace Forensics.Tests.Deploy.Access;

/// <summary>Everything that can be asked about: what the API server says it serves, what it checks without serving it, and
/// whatever the manifests' own rules name.</summary>
internal static class KnownRights
{
    // Decided on by RBAC, yet in no discovery: acting as somebody else, handing out rights, and the kubelet's own doors.
    private static readonly (string Resource, string[] Verbs)[] Virtual =
    [
        ("users", ["impersonate"]),
        ("groups", ["impersonate"]),
        ("serviceaccounts", ["impersonate"]),
        ("userextras/scopes.authentication.k8s.io", ["impersonate"]),
        ("roles.rbac.authorization.k8s.io", ["bind", "escalate"]),
        ("clusterroles.rbac.authorization.k8s.io", ["bind", "escalate"]),
        ("podsecuritypolicies.policy", ["use"]),
        ("certificatesigningrequests/approval.certificates.k8s.io", ["update"]),
        ("signers.certificates.k8s.io", ["approve", "sign", "attest"]),
        ("nodes/metrics", ["get", "create"]),
        ("nodes/stats", ["get", "create"]),
        ("nodes/log", ["get", "create"]),
        ("nodes/spec", ["get", "create"]),
        ("nodes/proxy", ["get", "create", "update", "patch", "delete"]),
        ("pods/exec", ["get", "create"]),
        ("pods/attach", ["get", "create"]),
        ("pods/portforward", ["get", "create"]),
        ("pods/ephemeralcontainers", ["get", "update", "patch"]),
        ("serviceaccounts/token", ["create"]),
        ("tokenreviews.authentication.k8s.io", ["create"]),
        ("subjectaccessreviews.authorization.k8s.io", ["create"]),
        ("podcheckpoints.forensics.keikoproj.io", Every),
        ("podcheckpoints/status.forensics.keikoproj.io", ["get", "update", "patch"]),
        ("secrets", Every),
        ("*.*", ["*"]),
    ];

    private static readonly string[] Paths = ["/", "/metrics", "/logs", "/logs/kube-apiserver.log", "/debug/pprof/", "/debug/flags/v", "/*"];

    private static string[] Every => ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <param name="namespaces">Where to ask; everywhere at once is always asked too.</param>
    /// <param name="roles">Roles and ClusterRoles whose own rules are asked about as well.</param>
    public static async Task<HashSet<Right>> AsksAsync(
        Kubernetes kubernetes, IReadOnlyList<string> namespaces, IReadOnlyList<JsonObject> roles)
    {
        var rules = roles.SelectMany(role => role["rules"]!.AsArray()).Select(rule => rule!.AsObject()).ToList();
        var everywhere = (await DiscoverAsync(kubernetes))
            .Concat(Virtual.SelectMany(known => known.Verbs.Select(verb => new Right(verb, known.Resource))))
            .Concat(rules.SelectMany(OfRule))
            .ToHashSet();
        var paths = (await DiscoverPathsAsync(kubernetes)).Concat(Paths).Concat(rules.SelectMany(rule => Texts(rule, "nonResourceURLs")));
        return
        [
            .. everywhere,
            .. everywhere.SelectMany(right => namespaces.Select(place => right with { Namespace = place })),
            .. paths.SelectMany(path => new[] { "get", "post", "put", "patch", "delete" }.Select(verb => new Right(verb, path))),
        ];
    }

    private static async Task<IReadOnlyList<Right>> DiscoverAsync(Kubernetes kubernetes)
    {
        var found = new List<Right>();
        foreach (var version in (await DiscoverPathsAsync(kubernetes)).Where(IsGroupVersion))
        {
            // A group may have gone since: its CRD was deleted.
            if (await TryGetAsync(kubernetes, version) is not { } answer) continue;
            var apiGroup = version.Split('/') is ["", "apis", var name, _] ? name : "";
            found.AddRange(
                from resource in answer["resources"]!.AsArray()
                let parts = resource!["name"]!.GetValue<string>().Split('/')
                from verb in Texts(resource.AsObject(), "verbs")
                select new Right(verb, Right.Join(parts[0], parts.ElementAtOrDefault(1) ?? "", apiGroup)));
        }

        found.Should().HaveCountGreaterThan(400, "an API server serves as much");
        return found;
    }

    private static async Task<IReadOnlyList<string>> DiscoverPathsAsync(Kubernetes kubernetes) =>
        [.. Texts((await TryGetAsync(kubernetes, "/"))!, "paths")];

    private static bool IsGroupVersion(string path) => path == "/api/v1" || path.Split('/') is ["", "apis", _, _];

    private static async Task<JsonObject?> TryGetAsync(Kubernetes kubernetes, string path)
    {
        using var response = await kubernetes.HttpClient.GetAsync(new Uri(kubernetes.BaseUri, path));
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject() : null;
    }

    // Objects by name too: what a rule allows on one object alone shows in no question about all of them.
    private static IEnumerable<Right> OfRule(JsonObject rule) =>
        from resource in Texts(rule, "resources")
        let parts = resource.Split('/')
        from apiGroup in Texts(rule, "apiGroups")
        from verb in Texts(rule, "verbs")
        from name in Texts(rule, "resourceNames").Prepend("")
        select new Right(verb, Right.Join(parts[0], parts.ElementAtOrDefault(1) ?? "", apiGroup), Name: name);

    private static IEnumerable<string> Texts(JsonObject of, string list) =>
        (of[list]?.AsArray() ?? []).Select(text => text!.GetValue<string>());
}
