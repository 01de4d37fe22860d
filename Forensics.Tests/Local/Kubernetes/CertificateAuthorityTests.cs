using System.Security.Cryptography.X509Certificates;
using Forensics.Local;

namespace Forensics.Tests.Local.Kubernetes;

public sealed class CertificateAuthorityTests
{
    private TemporaryFolder _folder = null!;
    private CertificateAuthority _authority = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _authority = new CertificateAuthority(_folder.Path, TimeProvider.System);
        _authority.Ensure();
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void What_it_issues_is_valid_for_the_hosts_named()
    {
        _authority.Issue("server", "someone", "some:group", "127.96.0.1", "kubernetes.default");

        using var issued = X509CertificateLoader.LoadCertificateFromFile(_authority.CertificateOf("server"));
        using var root = X509CertificateLoader.LoadCertificateFromFile(_authority.CertificateFile);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.Build(issued).Should().BeTrue();
        issued.MatchesHostname("127.96.0.1").Should().BeTrue();
        issued.MatchesHostname("kubernetes.default").Should().BeTrue();
        issued.MatchesHostname("127.0.0.1").Should().BeFalse();
        issued.Subject.Should().Be("O=some:group, CN=someone");
    }

    [Test]
    public void What_is_there_stays()
    {
        _authority.Issue("client", "someone");
        var before = File.ReadAllText(_authority.CertificateOf("client")) + File.ReadAllText(_authority.CertificateFile);

        _authority.Ensure();
        _authority.Issue("client", "someone");

        (File.ReadAllText(_authority.CertificateOf("client")) + File.ReadAllText(_authority.CertificateFile)).Should().Be(before);
    }

    [Test]
    public void Keys_are_readable_by_their_owner_only() =>
        File.GetUnixFileMode(_authority.KeyOf("ca")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
