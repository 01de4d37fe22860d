using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>The proxy's own line to the real API server. It brings no identity: whose request it passes on says who it is.</summary>
internal static class ApiServerLine
{
    /// <param name="authority">PEM of the server's certificate authority.</param>
    public static HttpClient Open(Uri server, string authority)
    {
        var trusted = X509Certificate2.CreateFromPem(authority);
        return Over(server, new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { trusted },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
    }

    /// <summary>To a server without TLS.</summary>
    public static HttpClient Open(Uri server) => Over(server, null);

    private static HttpClient Over(Uri server, SslClientAuthenticationOptions? tls)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, EnableMultipleHttp2Connections = true };
        if (tls is not null) handler.SslOptions = tls;
        return new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    }
}
