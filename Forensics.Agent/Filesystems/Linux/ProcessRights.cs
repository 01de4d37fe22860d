using System.Globalization;

namespace Forensics.Agent.Filesystems.Linux;

/// <summary>What the kernel lets this process do.</summary>
internal static class ProcessRights
{
    private const int SystemAdministrator = 21;
    private const string WholeUserNamespace = "4294967295";

    /// <summary>Only CAP_SYS_ADMIN of the first user namespace sees attributes called <c>trusted.*</c>; to all others they look absent.</summary>
    public static bool CanSeeTrustedAttributes()
    {
        var effective = File.ReadLines("/proc/thread-self/status")
            .FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal))?["CapEff:".Length..];
        var hasRight = ulong.TryParse(effective?.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rights)
            && (rights & (1UL << SystemAdministrator)) != 0;
        return hasRight && IsFirstUserNamespace();
    }

    private static bool IsFirstUserNamespace()
    {
        var map = File.ReadAllText("/proc/self/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return map is ["0", "0", WholeUserNamespace];
    }
}
