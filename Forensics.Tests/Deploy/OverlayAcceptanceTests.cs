using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>A real API server, of the oldest version that the README names, says whether it would take what an overlay renders.
/// Nothing is stored.</summary>
[Category("Cluster")]
internal sealed class OverlayAcceptanceTests
{
    // Components of which the overlay itself says that they are for newer clusters.
    private static readonly string[] ForNewerClusters = ["PodDisruptionBudget"];

    [Test]
    public async Task The_api_server_takes_every_object_of([ValueSource(typeof(Overlay), nameof(Overlay.All))] string overlay)
    {
        await using var namespaces = await ScratchNamespaces.MakeAsync();
        var manifests = (await Overlay.RenderAsync(overlay)).Where(manifest => IsKnownTo120(manifest, overlay)).ToList();
        foreach (var manifest in manifests) WithoutCel(manifest);

        var answer = await DryRunAsync(namespaces.Move(manifests.AsList()));

        answer.ExitCode.Should().Be(0, answer.Error);
        answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveSameCount(manifests)
            .And.OnlyContain(line => line.EndsWith("(server dry run)"));
    }

    [Test]
    public async Task A_field_that_no_object_has_is_refused()
    {
        await using var namespaces = await ScratchNamespaces.MakeAsync();
        var manifests = await Overlay.RenderAsync("base");
        manifests.Controller()["spec"]!["hostNetwrok"] = true;

        var answer = await DryRunAsync(namespaces.Move(manifests.AsList()));

        answer.ExitCode.Should().NotBe(0);
        answer.Error.Should().Contain("hostNetwrok");
    }

    [TestCase("overlays/eks")]
    [TestCase("overlays/containerd")]
    public async Task Overlays_for_todays_clusters_hold_the_spec_by_cel_and_drain_one_replica_at_a_time(string overlay)
    {
        var manifests = await Overlay.RenderAsync(overlay);

        SpecSchema(manifests.Single(manifest => manifest.Kind() == "CustomResourceDefinition"))["x-kubernetes-validations"]!.AsArray()
            .Single()!["rule"]!.GetValue<string>().Should().Be("self == oldSelf");
        manifests.Should().Contain(manifest => manifest.Kind() == "PodDisruptionBudget");
    }

    private static bool IsKnownTo120(JsonObject manifest, string overlay) =>
        overlay is not ("overlays/eks" or "overlays/containerd") || !ForNewerClusters.Contains(manifest.Kind());

    private static void WithoutCel(JsonObject manifest)
    {
        if (manifest.Kind() == "CustomResourceDefinition") SpecSchema(manifest).Remove("x-kubernetes-validations");
    }

    private static JsonObject SpecSchema(JsonObject crd) =>
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject();

    private static Task<CommandResult> DryRunAsync(string manifest) =>
        Command.TryAsync(RealCluster.Local.Kubectl("apply", "--dry-run=server", "-f", "-"), CancellationToken.None, manifest);
}
