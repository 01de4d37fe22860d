using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Forensics.Local;

/// <summary>Asks a server whether it serves.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>HTTP on a TCP port.</summary>
    public static async Task<bool> HttpAsync(Uri url, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        return await GetAsync(handler, url, cancellation);
    }

    /// <summary>HTTPS with a certificate that the cluster's own authority has issued.</summary>
    public static async Task<bool> HttpsAsync(Uri url, string authorityFile, CancellationToken cancellation)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(authorityFile);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
        return await GetAsync(handler, url, cancellation);
    }

    /// <summary>HTTP on a Unix socket.</summary>
    public static async Task<bool> UnixHttpAsync(string socketPath, string path, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(socketPath, token), ownsSocket: true),
        };
        return await GetAsync(handler, new Uri("http://localhost" + path), cancellation);
    }

    /// <summary>Only whether someone accepts connections there.</summary>
    public static async Task<bool> TcpAsync(int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(LoopbackNetwork.Address, port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> GetAsync(SocketsHttpHandler handler, Uri url, CancellationToken cancellation)
    {
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Limit };
        try
        {
            using var response = await client.GetAsync(url, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false; // Connected, but no answer in time.
        }
    }

    private static async Task<Socket> ConnectAsync(string socketPath, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
