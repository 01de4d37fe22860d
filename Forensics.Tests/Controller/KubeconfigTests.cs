using Forensics.Controller;
using k8s;
using k8s.Exceptions;

namespace Forensics.Tests.Controller;

/// <summary>Held against KubernetesClient's own reader, which reads by reflection.</summary>
internal sealed class KubeconfigTests
{
    private const string Whole = """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: main
        contexts:
        - name: main
          context: {cluster: prod, user: cert, namespace: security}
        - name: by-token
          context: {cluster: prod, user: token}
        - name: by-exec
          context: {cluster: lab, user: exec}
        clusters:
        - name: prod
          cluster:
            server: "https://127.0.0.1:6443/k8s/clusters/c-1"
            certificate-authority: ca.crt
            tls-server-name: kubernetes
        - name: lab
          cluster: {server: "https://127.0.0.1:7443", insecure-skip-tls-verify: true, certificate-authority-data: null}
        users:
        - name: cert
          user: {client-certificate: client.crt, client-key-data: a2V5}
        - name: token
          user:
            token: "null"
        - name: exec
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: aws
              args: [eks, get-token, --cluster-name, lab]
              env:
              - {name: AWS_PROFILE, value: lab}
              interactiveMode: Never
              provideClusterInfo: true
        - name: basic
          user: {username: u, password: p}
        """;

    private FileInfo _file = null!;

    [SetUp]
    public void CreateFile() => _file = new FileInfo(Path.GetTempFileName());

    [TearDown]
    public void DeleteFile() => _file.Delete();

    [Test]
    public void It_says_what_the_library_reads()
    {
        File.WriteAllText(_file.FullName, Whole);

        var read = Kubeconfig.Read(_file);

        var expected = KubernetesClientConfiguration.LoadKubeConfig(_file);
        read.Should().BeEquivalentTo(expected, options => options
            .Excluding(config => config.Preferences).Excluding(config => config.Extensions)
            .Excluding(member => member.Path.EndsWith("Extensions", StringComparison.Ordinal)));
    }

    [TestCase("", "*no kubeconfig*")]
    [TestCase("- a list", "*no kubeconfig*")]
    [TestCase("a: [1", "*no YAML*line*")]
    public void What_is_no_kubeconfig_is_named(string content, string message)
    {
        File.WriteAllText(_file.FullName, content);

        FluentActions.Invoking(() => Kubeconfig.Read(_file)).Should().Throw<KubeConfigException>().WithMessage(_file.FullName + message);
    }

    [TestCase("clusters: 1")]
    [TestCase("clusters: [1, {name: a}, {cluster: 1}]")]
    [TestCase("current-context: gone\nclusters: []\ncontexts: []\nusers: []")]
    [TestCase("current-context: main\ncontexts: [{name: main, context: {cluster: gone, user: gone}}]\nclusters: []\nusers: []")]
    public void What_leads_nowhere_is_a_kubeconfig_exception(string content)
    {
        File.WriteAllText(_file.FullName, content);

        FluentActions.Invoking(() => KubernetesConnection.Open(_file.FullName, "")).Should().Throw<KubeConfigException>();
    }
}
