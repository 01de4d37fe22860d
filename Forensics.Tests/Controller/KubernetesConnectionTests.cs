using Forensics.Controller;
using k8s.Exceptions;

namespace Forensics.Tests.Controller;

internal sealed class KubernetesConnectionTests
{
    private string _file = null!;

    [SetUp]
    public void WriteKubeconfig()
    {
        _file = Path.GetTempFileName();
        File.WriteAllText(_file, """
            apiVersion: v1
            kind: Config
            current-context: one
            contexts:
              - {name: one, context: {cluster: one, user: someone}}
              - {name: two, context: {cluster: two, user: someone}}
            clusters:
              - {name: one, cluster: {server: "https://127.0.0.1:1"}}
              - {name: two, cluster: {server: "https://127.0.0.1:2"}}
            users:
              - {name: someone, user: {token: secret}}
            """);
    }

    [TearDown]
    public void DeleteKubeconfig() => File.Delete(_file);

    [TestCase("", "https://127.0.0.1:1/")]
    [TestCase("two", "https://127.0.0.1:2/")]
    public void A_context_is_the_one_named_or_the_current_one(string context, string expected)
    {
        using var kubernetes = KubernetesConnection.Open(_file, context);

        kubernetes.BaseUri.Should().Be(new Uri(expected));
    }

    [Test]
    public void A_kubeconfig_that_is_not_there_is_named()
    {
        var opening = () => KubernetesConnection.Open("/nowhere/config", "");

        opening.Should().Throw<KubeConfigException>().WithMessage("*/nowhere/config*--kubeconfig*");
    }
}
