using System.Globalization;
using System.Net;

namespace Forensics.Controller;

/// <summary>Where to listen, as Go's programs write it: <c>:8080</c> on every address, <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>.</summary>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <summary>What stands in a flag for: nowhere.</summary>
    public const string Off = "0";

    public static ListenAddress Everywhere(int port) => new(IPAddress.IPv6Any, port);

    public static bool TryParse(string text, out ListenAddress? parsed)
    {
        parsed = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0) return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return false;

        var host = text[..colon];
        var address = host switch
        {
            "" => Everywhere(port).Address,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(host, out var ip) ? ip : null,
        };
        if (address is not null) parsed = new ListenAddress(address, port);
        return parsed is not null;
    }

    public bool IsEverywhere => Address.Equals(IPAddress.IPv6Any);

    public override string ToString() => IsEverywhere ? $":{Port}" : new IPEndPoint(Address, Port).ToString();
}
