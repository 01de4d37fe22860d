using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>The components monitoring and metrics-auth, as an overlay of one's own renders them.</summary>
[Category("Cluster")] // For its kubectl.
internal sealed class ComponentTests
{
    [Test]
    public async Task What_the_ServiceMonitor_selects_is_the_metrics_Service()
    {
        var rendered = await RenderAsync("monitoring");
        var monitor = rendered.Only("ServiceMonitor", "forensics-controller-manager");
        var service = Service(rendered);

        monitor["metadata"]!["namespace"]!.GetValue<string>().Should().Be(service["metadata"]!["namespace"]!.GetValue<string>());
        foreach (var (label, value) in monitor["spec"]!["selector"]!["matchLabels"]!.AsObject())
            service["metadata"]!["labels"]![label]!.GetValue<string>().Should().Be(value!.GetValue<string>());
        Port(service)["name"]!.GetValue<string>().Should().Be(Endpoint(rendered)["port"]!.GetValue<string>());
        Endpoint(rendered)["scheme"].Should().BeNull("it is plain HTTP");
    }

    [Test]
    public async Task Grafana_finds_the_dashboard_by_its_label()
    {
        var map = (await RenderAsync("monitoring")).Only("ConfigMap", "forensics-dashboard");

        map["metadata"]!["labels"]!["grafana_dashboard"]!.GetValue<string>().Should().Be("1");
        var dashboard = JsonNode.Parse(map["data"]!.AsObject().Single().Value!.GetValue<string>())!;
        dashboard["title"]!.GetValue<string>().Should().Be("kube-forensics");
        var panels = dashboard["panels"]!.AsArray();
        panels.Select(panel => panel!["id"]!.GetValue<int>()).Should().OnlyHaveUniqueItems();
        panels.Should().HaveCountGreaterThan(20);
    }

    [Test]
    public async Task Secured_every_object_says_the_same_port_and_HTTPS()
    {
        var rendered = await RenderAsync("monitoring", "metrics-auth");
        var manager = rendered.Controller()["spec"]!["containers"]![0]!;

        manager["args"]!.AsArray().Select(arg => arg!.GetValue<string>()).Should().ContainInOrder("--metrics-addr=:8080", "--metrics-addr=:8443", "--metrics-secure");
        manager["ports"]![0]!["containerPort"]!.GetValue<long>().Should().Be(8443);
        Port(Service(rendered))["port"]!.GetValue<long>().Should().Be(8443);
        Port(Service(rendered))["targetPort"]!.GetValue<string>().Should().Be(manager["ports"]![0]!["name"]!.GetValue<string>());
        Service(rendered)["metadata"]!["annotations"]!.AsObject().Select(pair => $"{pair.Key}={pair.Value}").Should()
            .BeEquivalentTo("prometheus.io/scrape=true", "prometheus.io/scheme=https", "prometheus.io/port=8443");
        rendered.Only("NetworkPolicy", "forensics-controller-manager")["spec"]!["ingress"]![0]!["ports"]![0]!["port"]!.GetValue<long>().Should().Be(8443);
        Endpoint(rendered)["scheme"]!.GetValue<string>().Should().Be("https");
        Endpoint(rendered)["bearerTokenFile"]!.GetValue<string>().Should().NotBeEmpty();
        PodSecurity.ViolationsOfRestricted(rendered.Controller()).Should().BeEmpty();
    }

    [Test]
    public async Task Secured_without_the_operator_there_is_no_ServiceMonitor() =>
        (await RenderAsync("metrics-auth")).Should().NotContain(manifest => manifest.Kind() == "ServiceMonitor");

    /// <summary>An overlay on the base with these components.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(params string[] components)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "kube-forensics"), RepositoryRoot.Find());
        var own = Directory.CreateDirectory(Path.Combine(folder.Path, "own")).FullName;
        await File.WriteAllTextAsync(Path.Combine(own, "kustomization.yaml"), $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [../kube-forensics/deploy/base]
            components: [{string.Join(", ", components.Select(name => $"../kube-forensics/deploy/components/{name}"))}]
            """);
        return Yaml.ReadAll(await RealCluster.KubectlAsync("kustomize", own));
    }

    private static JsonObject Service(IReadOnlyList<JsonObject> rendered) => rendered.Only("Service", "forensics-controller-manager-metrics-service");

    private static JsonNode Port(JsonObject service) => service["spec"]!["ports"]!.AsArray().Single()!;

    private static JsonNode Endpoint(IReadOnlyList<JsonObject> rendered) =>
        rendered.Only("ServiceMonitor", "forensics-controller-manager")["spec"]!["endpoints"]!.AsArray().Single()!;
}
