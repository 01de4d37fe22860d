using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;

namespace Forensics.Tests.Agent.Storage.S3;

internal sealed class S3ErrorsTests
{
    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_told_with_what_to_do()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = $"https://{listener.LocalEndpoint}/";
        var serving = RefuseToBeTrustedAsync(listener);

        using var client = new HttpClient();
        var error = (await FluentActions.Awaiting(() => client.GetAsync(new Uri(endpoint))).Should().ThrowAsync<HttpRequestException>()).Which;
        await Eventually.EndsAsync(serving);

        var told = Told(error, endpoint);
        told.Reason.Should().Be(Reasons.StoreUnreachable);
        told.Message.Should().StartWith($"The store {endpoint} cannot be reached: ").And.Contain("certificate").And.Contain("SSL_CERT_DIR");
    }

    [Test]
    public async Task A_port_that_nobody_listens_on_is_told_without_a_word_of_certificates()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var endpoint = $"https://{unused.LocalEndpoint}/";
        unused.Stop();

        using var client = new HttpClient();
        var error = (await FluentActions.Awaiting(() => client.GetAsync(new Uri(endpoint))).Should().ThrowAsync<HttpRequestException>()).Which;

        Told(error, endpoint).Message.Should().Contain("Connection refused. Check AWS_ENDPOINT_URL_S3").And.NotContain("SSL_CERT_DIR");
    }

    private static StoreException Told(Exception error, string endpoint) => S3Errors.Translate(error, "bucket", "key", endpoint, CancellationToken.None)!;

    private static async Task RefuseToBeTrustedAsync(TcpListener listener)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var connection = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(connection.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.ReadExactlyAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client turns away.
        }
    }
}
