using Forensics.Api;
using Forensics.Tests.Deploy;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>What a lane's namespaces hold: the rights that the deployment gives the controller, and an agent's PodTemplate, of
/// which no pod ever runs.</summary>
internal static class LaneManifests
{
    public static string Of(Lane lane, string controllerNamespace) => string.Join("\n---\n", Own(lane), Rights(lane, controllerNamespace));

    // The workers' own rules, as they are shipped.
    private static string Rights(Lane lane, string controllerNamespace) => Manifests.Text("base/controller/capture-role.yaml")
        .Replace(RealCluster.WorkerNamespace, lane.Workers, StringComparison.Ordinal)
        .Replace(RealCluster.SystemNamespace, controllerNamespace, StringComparison.Ordinal);

    private static string Own(Lane lane) => string.Concat(new[] { lane.Cases, lane.Workers }.Select(Namespace)) + $"""
        apiVersion: v1
        kind: PodTemplate
        metadata:
          name: {AgentContract.PodTemplateName}
          namespace: {lane.Workers}
        template:
          spec:
            containers:
              - name: {AgentContract.ContainerName}
                image: nothing-runs-here:1
        """;

    private static string Namespace(string name) => $"""
        apiVersion: v1
        kind: Namespace
        metadata:
          name: {name}
        ---

        """;
}
