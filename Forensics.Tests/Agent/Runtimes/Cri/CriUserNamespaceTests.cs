using System.Text.Json;
using Forensics.Agent.Runtimes.Cri;
using Forensics.Api;

namespace Forensics.Tests.Agent.Runtimes.Cri;

/// <summary>The maps of ids in an OCI specification, which no contract promises.</summary>
internal sealed class CriUserNamespaceTests
{
    private const string Range = """{"containerID":0,"hostID":65536,"size":65536}""";

    [Test]
    public void Both_maps_are_taken_as_the_specification_has_them() =>
        In($$$"""{"linux":{"uidMappings":[{{{Range}}},{"containerID":65536,"hostID":4294967295,"size":1}],"gidMappings":[{"containerID":0,"hostID":131072,"size":10}]}}""")
            .Should().BeEquivalentTo(new UserNamespace
            {
                UidMap = [new IdMapping { HostId = 65536, Size = 65536 }, new IdMapping { ContainerId = 65536, HostId = 4294967295, Size = 1 }],
                GidMap = [new IdMapping { HostId = 131072, Size = 10 }],
            });

    [TestCase("{}")]
    [TestCase("""{"linux":{"namespaces":[{"type":"pid"}]}}""")]
    [TestCase("""{"linux":{"uidMappings":[],"gidMappings":[]}}""")]
    public void Without_any_there_is_no_namespace(string specification) => In(specification).Should().BeNull();

    [TestCase("\"?\"")]
    [TestCase("[7]")]
    [TestCase("""[{"containerID":0,"hostID":65536}]""")]
    [TestCase("""[{"containerID":0,"hostID":"65536","size":1}]""")]
    [TestCase("""[{"containerID":-1,"hostID":65536,"size":1}]""")]
    [TestCase("""[{"containerID":0,"hostID":4294967296,"size":1}]""")]
    [TestCase("""[{"containerID":0.5,"hostID":65536,"size":1}]""")]
    public void Half_a_map_is_none(string map)
    {
        In($$"""{"linux":{"uidMappings":{{map}},"gidMappings":[{{Range}}]} }""").Should().BeNull();
        In($$"""{"linux":{"uidMappings":[{{Range}}],"gidMappings":{{map}} } }""").Should().BeNull();
    }

    [TestCase(340, true)]
    [TestCase(341, false)]
    public void No_map_is_longer_than_the_kernel_takes(int ranges, bool isTaken)
    {
        var map = string.Join(',', Enumerable.Repeat(Range, ranges));

        (In($$"""{"linux":{"uidMappings":[{{map}}],"gidMappings":[{{Range}}]} }""") is not null).Should().Be(isTaken);
    }

    private static UserNamespace? In(string specification)
    {
        using var document = JsonDocument.Parse(specification);
        return CriUserNamespace.In(document.RootElement);
    }
}
