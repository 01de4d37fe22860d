using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Forensics.Local;

/// <summary>The cluster's own certificate authority. Its files are made once and live as long as the state folder.</summary>
internal sealed class CertificateAuthority(string folder, TimeProvider time)
{
    // A cluster for tests and demos: outliving its state folder is all that is asked of it.
    private const int ValidYears = 10;

    public string CertificateFile => CertificateOf("ca");

    public string CertificateOf(string name) => Path.Combine(folder, name + ".crt");

    public string KeyOf(string name) => Path.Combine(folder, name + ".key");

    /// <summary>Makes the authority itself unless it is there.</summary>
    public void Ensure()
    {
        if (File.Exists(CertificateFile)) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-forensics-local", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var (from, to) = Validity();
        using var certificate = request.CreateSelfSigned(from, to);
        Write("ca", key, certificate);
    }

    /// <summary>Makes a certificate for a client or a server unless it is there.</summary>
    /// <param name="name">Of its files.</param>
    /// <param name="user">The common name: Kubernetes takes it for the user's name.</param>
    /// <param name="group">The organisation: Kubernetes takes it for the user's group. Null for none.</param>
    /// <param name="hosts">Names and addresses that a server is reached by.</param>
    public void Issue(string name, string user, string? group = null, params IReadOnlyList<string> hosts)
    {
        if (File.Exists(CertificateOf(name))) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(SubjectOf(user, group), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1", "serverAuth"), new Oid("1.3.6.1.5.5.7.3.2", "clientAuth")], false));
        if (hosts.Count > 0) request.CertificateExtensions.Add(AlternativeNames(hosts));
        using var authority = X509Certificate2.CreateFromPemFile(CertificateFile, KeyOf("ca"));
        var (from, to) = Validity();
        // One day less than the authority, whose own validity it may not exceed.
        using var certificate = request.Create(authority, from.AddDays(1), to.AddDays(-1), RandomNumberGenerator.GetBytes(16));
        Write(name, key, certificate);
    }

    /// <summary>Makes a bare key unless it is there: service account tokens are signed with one.</summary>
    public void EnsureKey(string name)
    {
        if (File.Exists(KeyOf(name))) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        WriteKey(name, key);
    }

    private static X500DistinguishedName SubjectOf(string user, string? group)
    {
        var subject = new X500DistinguishedNameBuilder();
        if (group is not null) subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        return subject.Build();
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }

        return names.Build();
    }

    private (DateTimeOffset From, DateTimeOffset To) Validity()
    {
        var now = time.GetUtcNow();
        return (now.AddDays(-2), now.AddYears(ValidYears));
    }

    /// <summary>The certificate goes last: it is what says that the pair is whole.</summary>
    private void Write(string name, ECDsa key, X509Certificate2 certificate)
    {
        WriteKey(name, key);
        PrivateFile.Write(CertificateOf(name), certificate.ExportCertificatePem());
    }

    private void WriteKey(string name, ECDsa key) => PrivateFile.Write(KeyOf(name), key.ExportECPrivateKeyPem());
}
