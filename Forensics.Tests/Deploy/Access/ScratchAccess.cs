using System.Text.Json.Nodes;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy.Access;

/// <summary>The accounts, roles and bindings that a deployment would bring, under names of a test's own: what is deployed
/// beside them has no part in the verdict, nor is it touched.</summary>
internal sealed class ScratchAccess : IAsyncDisposable
{
    private static readonly string[] Kinds = ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];

    private readonly ScratchNamespaces _namespaces;
    private readonly Applied _applied;

    private ScratchAccess(ScratchNamespaces namespaces, Applied applied)
    {
        _namespaces = namespaces;
        _applied = applied;
    }

    public string System => _namespaces.System;

    public string Workers => _namespaces.Workers;

    public static async Task<ScratchAccess> ApplyAsync(IReadOnlyList<JsonObject> rendered, AccessReviews reviews)
    {
        var namespaces = await ScratchNamespaces.MakeAsync();
        var manifests = rendered.Where(manifest => Kinds.Contains(manifest.Kind())).Select(manifest => manifest.DeepClone().AsObject()).ToList();
        RenameClusterRoles(manifests, prefix: namespaces.System);
        var applied = await Applied.Async(namespaces.Move(manifests.Concat(Yaml.ReadAll(Last(namespaces.System))).AsList()));
        await RealCluster.EventuallyAsync(
            "the API server knows every role and binding", TimeSpan.FromMinutes(1),
            async () => await reviews.IsAllowedAsync(namespaces.System, "last", new Right("get", "things.last", namespaces.System))
                && await reviews.IsAllowedAsync(namespaces.System, "last", new Right("get", "/last")),
            known => known);
        return new ScratchAccess(namespaces, applied);
    }

    public async ValueTask DisposeAsync()
    {
        await _applied.DisposeAsync();
        await _namespaces.DisposeAsync();
    }

    private static void RenameClusterRoles(List<JsonObject> manifests, string prefix)
    {
        var own = manifests.Where(manifest => manifest.Kind() == "ClusterRole").Select(Manifests.Name).ToHashSet();
        foreach (var manifest in manifests)
        {
            if (manifest.Kind() is "ClusterRole" or "ClusterRoleBinding")
                manifest["metadata"]!["name"] = $"{prefix}-{manifest.Name()}";
            // A binding to a role of Kubernetes' own stays one.
            if (manifest["roleRef"] is { } role && role["kind"]!.GetValue<string>() == "ClusterRole" && own.Contains(role["name"]!.GetValue<string>()))
                role["name"] = $"{prefix}-{role["name"]!.GetValue<string>()}";
        }
    }

    // Applied after all others. Of each kind the API server sees changes in their order: once it knows these, it knows all.
    private static string Last(string system) => $$"""
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: last, namespace: {{system}}}, rules: [{apiGroups: [last], resources: [things], verbs: [get]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: {{system}}-last}, rules: [{nonResourceURLs: [/last], verbs: [get]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: last, namespace: {{system}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: last}
        subjects: [{kind: ServiceAccount, name: last, namespace: {{system}}}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{system}}-last}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{system}}-last}
        subjects: [{kind: ServiceAccount, name: last, namespace: {{system}}}]
        """;
}
