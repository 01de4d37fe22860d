namespace Forensics.Local;

/// <summary>
/// Debian starts the services that it installs. Here the programs alone are wanted: the cluster starts its own.
/// </summary>
internal static class ServiceStarts
{
    // Debian's hook for this: exit code 101 means "action forbidden by policy" (invoke-rc.d(8)).
    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private const string Policy = "#!/bin/sh\n# Written by kube-forensics while it installs packages.\nexit 101\n";

    private static readonly Dictionary<string, string[]> UnitsOfPackages = new()
    {
        ["docker.io"] = ["docker.service", "docker.socket"],
        ["containerd"] = ["containerd.service"],
        ["etcd-server"] = ["etcd.service"],
        ["ceph-mon"] = ["ceph-mon.target"],
        ["ceph-osd"] = ["ceph-osd.target"],
        ["radosgw"] = ["ceph-radosgw.target"],
    };

    /// <summary>From now until it is disposed, no package starts a service. A policy that the machine has stays.</summary>
    public static IDisposable Forbid()
    {
        if (!File.Exists(PolicyFile))
        {
            File.WriteAllText(PolicyFile, Policy);
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }

        return new Removal();
    }

    /// <summary>Nor shall the services of the packages just installed start with the machine.</summary>
    public static async Task DisableAtBootAsync(IEnumerable<string> packages, CancellationToken cancellation)
    {
        if (!Directory.Exists("/run/systemd/system")) return;
        var units = packages.SelectMany(package => UnitsOfPackages.GetValueOrDefault(package, [])).ToList();
        if (units.Count > 0)
            await Command.TryAsync(new CommandLine("/usr/bin/systemctl", ["disable", "--now", .. units]), cancellation);
    }

    private sealed class Removal : IDisposable
    {
        /// <summary>Also takes away what an interrupted run has left, but never another's policy.</summary>
        public void Dispose()
        {
            if (File.Exists(PolicyFile) && File.ReadAllText(PolicyFile) == Policy) File.Delete(PolicyFile);
        }
    }
}
