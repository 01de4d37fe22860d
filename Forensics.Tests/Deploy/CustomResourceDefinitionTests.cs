using Forensics.Api;

namespace Forensics.Tests.Deploy;

internal sealed class CustomResourceDefinitionTests
{
    [Test]
    public void The_resource_is_named_as_the_code_asks_for_it()
    {
        Manifests.Read(Crd.File).Single().Name().Should().Be($"{ForensicsApi.Plural}.{ForensicsApi.Group}");
        Crd.Spec["group"]!.GetValue<string>().Should().Be(ForensicsApi.Group);
        Crd.Spec["names"]!["plural"]!.GetValue<string>().Should().Be(ForensicsApi.Plural);
        Crd.Spec["names"]!["kind"]!.GetValue<string>().Should().Be(ForensicsApi.Kind);
        Crd.Spec["scope"]!.GetValue<string>().Should().Be("Namespaced");
        Crd.Version["name"]!.GetValue<string>().Should().Be(ForensicsApi.Version);
        Crd.Version["served"]!.GetValue<bool>().Should().BeTrue();
        Crd.Version["storage"]!.GetValue<bool>().Should().BeTrue();
    }

    [Test]
    public void People_may_call_it_pcp_and_find_it_among_all_forensics()
    {
        Texts("shortNames").Should().Equal("pcp");
        Texts("categories").Should().Equal("forensics");

        static IEnumerable<string> Texts(string list) => Crd.Spec["names"]![list]!.AsArray().Select(text => text!.GetValue<string>());
    }

    [Test]
    public void Status_is_written_apart_from_the_spec() =>
        Crd.Version["subresources"]!.AsObject().Select(subresource => subresource.Key).Should().Equal("status");

    [Test]
    public void Columns_show_where_a_capture_stands_and_wide_ones_where_its_evidence_is()
    {
        Columns(priority: 0).Should().Equal("Pod", "Target Namespace", "Node", "Phase", "Size", "Container", "Age");
        Columns(priority: 1).Should().Equal("Location", "Message");

        static IEnumerable<string> Columns(int priority) => Crd.Version["additionalPrinterColumns"]!.AsArray()
            .Where(column => (column!["priority"]?.GetValue<long>() ?? 0) == priority)
            .Select(column => column!["name"]!.GetValue<string>());
    }

    [Test]
    public void Every_column_shows_a_field_that_is_there_and_of_its_type()
    {
        foreach (var column in Crd.Version["additionalPrinterColumns"]!.AsArray())
        {
            var path = column!["jsonPath"]!.GetValue<string>();
            if (path == ".metadata.creationTimestamp") continue;
            Crd.At(path).Should().NotBeNull(path);
            Crd.At(path)!["type"]!.GetValue<string>().Should().Be(column["type"]!.GetValue<string>(), path);
        }
    }

    [Test]
    public void Every_field_is_explained()
    {
        var fields = Crd.Fields(Crd.Schema).ToList();

        fields.Should().HaveCountGreaterThan(30);
        fields.Where(field => field.Schema["description"]?.GetValue<string>() is not { Length: > 10 })
            .Select(field => field.Path).Should().BeEmpty();
    }

    [Test]
    public void No_rule_is_in_it_that_clients_of_old_clusters_refuse() =>
        Manifests.Text(Crd.File).Should().NotContain("x-kubernetes-validations");
}
