using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Forensics.Controller;
using Forensics.Tests.Local;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

internal sealed class ServingCertificateTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private TemporaryFolder _folder = null!;

    private string Certificate => Path.Combine(_folder.Path, "tls.crt");

    private string Key => Path.Combine(_folder.Path, "tls.key");

    [SetUp]
    public void Make() => _folder = new TemporaryFolder();

    [TearDown]
    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Without_files_it_serves_one_of_its_own() =>
        (await SubjectServedAsync(ServingCertificate.SelfSigned(_clock, NullLogger<ServingCertificate>.Instance))).Should().Be("CN=forensics-controller");

    [Test]
    public async Task Changed_files_are_read_again_within_ten_seconds()
    {
        Write("CN=first");
        var served = FromFiles();
        (await SubjectServedAsync(served)).Should().Be("CN=first");

        Write("CN=second");
        _clock.Advance(TimeSpan.FromSeconds(10));
        (await SubjectServedAsync(served)).Should().Be("CN=second");
    }

    [Test]
    public void While_the_new_files_are_not_whole_the_old_ones_serve()
    {
        Write("CN=first");
        var served = FromFiles();
        Write("CN=second", keyToo: false);
        _clock.Advance(TimeSpan.FromSeconds(10));
        served.Current.TargetCertificate.Subject.Should().Be("CN=first", "that key is the old one's");

        File.Delete(Certificate);
        _clock.Advance(TimeSpan.FromSeconds(10));
        served.Current.TargetCertificate.Subject.Should().Be("CN=first");

        Write("CN=third");
        _clock.Advance(TimeSpan.FromSeconds(10));
        served.Current.TargetCertificate.Subject.Should().Be("CN=third");
    }

    [Test]
    public void Files_that_are_not_there_or_no_certificate_are_told_at_the_start()
    {
        FluentActions.Invoking(FromFiles).Should().Throw<IOException>().WithMessage($"*{Certificate}*");
        File.WriteAllText(Certificate, "nonsense");
        File.WriteAllText(Key, "nonsense");
        FluentActions.Invoking(FromFiles).Should().Throw<IOException>().WithMessage($"*{Certificate}*{Key}*");
    }

    private ServingCertificate FromFiles() => ServingCertificate.FromFiles(Certificate, Key, _clock, NullLogger<ServingCertificate>.Instance);

    private void Write(string subject, bool keyToo = true)
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, made.ExportCertificatePem());
        if (keyToo) File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    // As a client sees it.
    private static async Task<string?> SubjectServedAsync(ServingCertificate certificate)
    {
        var address = FreeAddress();
        await using var endpoint = await HttpEndpoint.StartAsync(address, context => context.Response.WriteAsync("served"), certificate);
        string? subject = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) =>
            {
                subject = shown?.Subject;
                return true;
            },
        };
        using var client = new HttpClient(handler);
        (await client.GetStringAsync(new Uri($"https://{address}/"))).Should().Be("served");
        return subject;
    }

    private static ListenAddress FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new ListenAddress(IPAddress.Loopback, ((IPEndPoint)probe.LocalEndpoint).Port);
    }
}
