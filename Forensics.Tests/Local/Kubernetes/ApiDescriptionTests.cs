using Forensics.Local;

namespace Forensics.Tests.Local.Kubernetes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ApiDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _source = new();

    public ApiDescriptionTests()
    {
        Directory.CreateDirectory(Path.Combine(_source.Path, "pkg"));
        Directory.CreateDirectory(Path.Combine(_source.Path, "vendor/k8s.io"));
    }

    public void Dispose() => _source.Dispose();

    [Test]
    public void Packages_that_ask_for_it_are_described_each_once()
    {
        Write("pkg/apis/abac/v0/doc.go", "// Copyright\n// +k8s:openapi-gen=true\npackage v0\n");
        Write("pkg/apis/abac/v0/types.go", "// +k8s:openapi-gen=true\n");
        Write("pkg/kubelet/kubelet.go", "package kubelet // +k8s:openapi-gen=true\n");
        Write("pkg/apis/README.md", "// +k8s:openapi-gen=true\n");

        ApiDescription.PackagesIn(_source.Path).Should().Equal("pkg/apis/abac/v0");
    }

    [Test]
    public void So_are_those_that_the_vendor_tree_only_links_to()
    {
        Write("staging/src/k8s.io/api/core/v1/doc.go", "// +k8s:openapi-gen=true\n");
        File.CreateSymbolicLink(Path.Combine(_source.Path, "vendor/k8s.io/api"), "../../staging/src/k8s.io/api");

        ApiDescription.PackagesIn(_source.Path).Should().Equal("vendor/k8s.io/api/core/v1");
    }

    [Test]
    public void What_is_not_served_is_not_described()
    {
        Write("vendor/k8s.io/sample-apiserver/pkg/apis/wardle/v1/doc.go", "// +k8s:openapi-gen=true\n");
        Write("vendor/k8s.io/code-generator/_examples/v1/doc.go", "// +k8s:openapi-gen=true\n");

        ApiDescription.PackagesIn(_source.Path).Should().BeEmpty();
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_source.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
