using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;

namespace Forensics.Tests.Agent.Storage.S3;

/// <summary>What is told of servers that cannot be spoken to; each error is one that .NET's client makes of a real connection.</summary>
internal sealed class S3ErrorsTests
{
    private TcpListener _listener = null!;
    private string _endpoint = null!;

    [SetUp]
    public void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _endpoint = $"https://{_listener.LocalEndpoint}/";
    }

    [TearDown]
    public void Close() => _listener.Dispose();

    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_told_with_what_to_do()
    {
        var told = await ToldOfAsync(async connection =>
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await using var tls = new SslStream(connection);
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.ReadExactlyAsync(new byte[1]);
        });

        told.Reason.Should().Be(Reasons.StoreUnreachable);
        told.Message.Should().StartWith($"The store {_endpoint} cannot be reached: ").And.Contain("certificate").And.Contain("SSL_CERT_DIR");
    }

    [Test]
    public async Task A_server_that_speaks_no_TLS_is_told_without_a_word_of_certificates()
    {
        var told = await ToldOfAsync(async connection =>
        {
            await connection.ReadExactlyAsync(new byte[1]);
            await connection.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());
        });

        told.Message.Should().Contain("check scheme and port in AWS_ENDPOINT_URL_S3").And.NotContain("SSL_CERT_DIR");
    }

    [Test]
    public async Task A_port_that_nobody_listens_on_is_told_with_the_network_in_mind()
    {
        _listener.Stop();

        (await ToldAsync()).Message.Should().Contain("Connection refused. Check AWS_ENDPOINT_URL_S3").And.NotContain("SSL_CERT_DIR");
    }

    private async Task<StoreException> ToldOfAsync(Func<NetworkStream, Task> serve)
    {
        var serving = ServeAsync(serve);
        var told = await ToldAsync();
        await Eventually.EndsAsync(serving);
        return told;
    }

    private async Task ServeAsync(Func<NetworkStream, Task> serve)
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        try
        {
            await serve(connection.GetStream());
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The client turns away.
        }
    }

    private async Task<StoreException> ToldAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var asking = FluentActions.Awaiting(() => client.GetAsync(new Uri(_endpoint)));
        var error = (await asking.Should().ThrowAsync<HttpRequestException>()).Which;
        return S3Errors.Translate(error, "bucket", "key", _endpoint, CancellationToken.None)!;
    }
}
