using System.Net;
using System.Net.Sockets;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A port of the loopback address that nobody listened on a moment ago.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Parse(LoopbackNetwork.Address), 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
