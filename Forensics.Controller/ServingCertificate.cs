using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Forensics.Controller;

/// <summary>What /metrics is served with: a certificate of files, which are read again when they have changed (cert-manager
/// renews them), or one of this process's own that nobody else knows.</summary>
internal sealed class ServingCertificate
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OwnLasts = TimeSpan.FromDays(3650); // Longer than any process runs.

    private readonly Lock _lock = new();
    private readonly Func<string>? _read;
    private readonly TimeProvider _time;
    private readonly ILogger<ServingCertificate> _log;
    private string _pem = "";
    private long _lookedAt;
    private SslStreamCertificateContext _current;

    private ServingCertificate(Func<string>? read, SslStreamCertificateContext first, TimeProvider time, ILogger<ServingCertificate> log)
    {
        (_read, _current, _time, _log) = (read, first, time, log);
        _lookedAt = time.GetTimestamp();
    }

    /// <param name="certificateFile">PEM: the certificate, then its intermediates if it has any.</param>
    /// <param name="keyFile">PEM, not encrypted.</param>
    /// <exception cref="IOException">A file is not there or is no certificate or key, or they do not belong together.</exception>
    public static ServingCertificate FromFiles(string certificateFile, string keyFile, TimeProvider time, ILogger<ServingCertificate> log)
    {
        string Read() => File.ReadAllText(certificateFile) + "\n" + File.ReadAllText(keyFile);
        try
        {
            var pem = Read();
            return new ServingCertificate(Read, Load(pem), time, log) { _pem = pem };
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new IOException($"The certificate of /metrics cannot be read from {certificateFile} and {keyFile}: {e.Message}", e);
        }
    }

    /// <summary>Protects from listeners; whoever wants to know whom he talks to needs one from files.</summary>
    public static ServingCertificate SelfSigned(TimeProvider time, ILogger<ServingCertificate> log)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forensics-controller", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now + OwnLasts);
        return new ServingCertificate(null, Load(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem()), time, log);
    }

    /// <summary>For the connection that begins now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_read is not null && _time.GetElapsedTime(_lookedAt) >= LookAgainAfter) Refresh(_read);
                return _current;
            }
        }
    }

    // The old one serves until the new one is whole: the two files are not replaced in one step everywhere.
    private void Refresh(Func<string> read)
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            var pem = read();
            if (pem == _pem) return;
            _current = Load(pem);
            _pem = pem;
            _log.CertificateRead(_current.TargetCertificate.NotAfter);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            _log.CertificateNotRead(e.Message);
        }
    }

    private static SslStreamCertificateContext Load(string pem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        var target = X509Certificate2.CreateFromPem(pem, pem);
        return SslStreamCertificateContext.Create(target, [.. chain.Skip(1)], offline: true);
    }

    private static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
