using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Forensics.Controller;

/// <summary>A small HTTP server on one address: no routing, no middleware, no log lines of its own.</summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private readonly WebApplication? _server;

    private HttpEndpoint(WebApplication? server) => _server = server;

    /// <summary>Serves until disposed; nothing at all without an address. HTTPS with a certificate, else HTTP.</summary>
    /// <exception cref="IOException">The address is taken or not this machine's.</exception>
    public static async Task<HttpEndpoint> StartAsync(ListenAddress? address, RequestDelegate answer, ServingCertificate? certificate = null)
    {
        if (address is null) return new HttpEndpoint(null);

        // Empty: no configuration from files or environment that could open another port.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (address.IsEverywhere) kestrel.ListenAnyIP(address.Port, Secure);
            else kestrel.Listen(address.Address, address.Port, Secure);
        });
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync();
        return new HttpEndpoint(server);

        void Secure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1; // All that a scraper or a kubelet needs.
            if (certificate is null) return;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
