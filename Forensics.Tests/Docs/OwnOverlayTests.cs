using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Deploy;
using Forensics.Tests.Local;

namespace Forensics.Tests.Docs;

/// <summary>The overlay that docs/operations.md tells people to write.</summary>
[Category("Cluster")] // For its kubectl.
internal sealed class OwnOverlayTests
{
    [Test]
    public async Task It_puts_images_role_region_and_allowed_buckets_in_their_places()
    {
        var rendered = await RenderAsync(("kustomization.yaml", "# kustomization.yaml"));

        Container(rendered.Controller())["image"]!.GetValue<string>().Should().Be("registry.example.com/security/kube-forensics-controller:0.1.0");
        Container(rendered.Agent())["image"]!.GetValue<string>().Should().Be("registry.example.com/security/kube-forensics-agent:0.1.0");
        Container(rendered.Controller())["args"]!.AsArray().Select(arg => arg!.GetValue<string>()).Should()
            .Contain(["--enable-leader-election", "--allowed-destinations=s3://my-bucket-123456789000-us-west-2/forensics"]);
        rendered.Only("ServiceAccount", "forensics-agent")["metadata"]!["annotations"]!["eks.amazonaws.com/role-arn"]!.GetValue<string>().Should()
            .Be("arn:aws:iam::123456789000:role/forensics-agent");
        rendered.Only("ConfigMap", "forensics-agent-s3")["data"]!.AsObject().Select(pair => $"{pair.Key}={pair.Value}").Should()
            .BeEquivalentTo("AWS_REGION=eu-central-1", "FORENSICS_S3_ACL=");
    }

    [Test]
    public async Task The_one_for_any_S3_server_lets_agents_reach_it_and_says_how()
    {
        var rendered = await RenderAsync(("kustomization.yaml", "# kustomization.yaml, for any S3 server"), ("s3.yaml", "# s3.yaml"));

        Container(rendered.Agent())["image"]!.GetValue<string>().Should().Be("registry.example.com/security/kube-forensics-agent:0.1.0");
        rendered.Only("ConfigMap", "forensics-agent-s3")["data"]!["AWS_ENDPOINT_URL_S3"]!.GetValue<string>().Should().Be("https://minio.example.com:9000");
        rendered.Only("NetworkPolicy", "forensics-agent")["spec"]!["egress"]!.AsArray()
            .SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => port!["port"]!.ToString()).Should().Contain(["443", "9000"]);
    }

    [Test]
    public async Task The_one_with_a_pull_secret_and_an_authority_gives_every_agent_both()
    {
        var rendered = await RenderAsync(
            ("kustomization.yaml", "# kustomization.yaml, with a pull secret and a certificate authority of your own"), ("s3.yaml", "# s3.yaml"), (Authority, null));

        foreach (var name in new[] { "forensics-agent", "forensics-controller-manager" })
            rendered.Only("ServiceAccount", name)["imagePullSecrets"]!.AsArray().Single()!["name"]!.GetValue<string>().Should().Be("registry");
        var config = rendered.Only("ConfigMap", "company-ca");
        config["metadata"]!["namespace"]!.GetValue<string>().Should().Be("forensics-workers");
        config["data"]![Authority]!.GetValue<string>().Should().Be(Authority);
        rendered.Agent()["spec"]!["volumes"]!.AsArray().Single()!["configMap"]!["name"]!.GetValue<string>().Should().Be("company-ca");
        var agent = Container(rendered.Agent());
        var mount = agent["volumeMounts"]!.AsArray().Single()!["mountPath"]!.GetValue<string>();
        agent["env"]!.AsArray().Single(variable => variable!["name"]!.GetValue<string>() == "SSL_CERT_DIR")!["value"]!.GetValue<string>()
            .Should().Be($"/etc/ssl/certs:{mount}", "without the first, an image that has the public authorities only there would not trust them");
    }

    [Test]
    public async Task The_one_with_a_CPU_limit_bounds_the_agents_and_leaves_what_they_ask_for()
    {
        var rendered = await RenderAsync(("kustomization.yaml", "# kustomization.yaml, with a CPU limit for agents"));

        var resources = Container(rendered.Agent())["resources"]!;
        resources["limits"]!.ToJsonString().Should().Be("""{"cpu":"1500m","memory":"256Mi"}""");
        resources["requests"]!["cpu"]!.GetValue<string>().Should().Be("100m");
    }

    private const string Authority = "company-ca.crt";

    /// <param name="files">With the first line of each in the document; without one the file has its name as its text.</param>
    private static async Task<IReadOnlyList<JsonObject>> RenderAsync(params (string Name, string? FirstLine)[] files)
    {
        using var parent = new TemporaryFolder();
        var folder = Directory.CreateDirectory(Path.Combine(parent.Path, "own")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(parent.Path, "kube-forensics"), RepositoryRoot.Find());
        foreach (var (name, firstLine) in files)
            await File.WriteAllTextAsync(Path.Combine(folder, name), firstLine is null ? name : Documentation.CodeBlock("operations.md", firstLine));
        return Yaml.ReadAll(await RealCluster.KubectlAsync("kustomize", folder));
    }

    private static JsonNode Container(JsonObject template) => template["spec"]!["containers"]!.AsArray().Single()!;
}
