namespace Forensics.Local;

/// <summary>Debian packages that the cluster needs, installed once from the machine's own mirror.</summary>
internal static class Packages
{
    /// <summary>What runs. jq is for the script around runc; gcc makes the pause program.</summary>
    public static IReadOnlyList<string> ForRunning { get; } =
    [
        "etcd-server", "docker.io", "containerd", "runc", "busybox-static", "jq", "gcc", "libc6-dev",
        "ceph-mon", "ceph-osd", "radosgw", "ceph-common", "awscli",
    ];

    /// <summary>What building Kubernetes takes. Only asked for while there is no build of it.</summary>
    public static IReadOnlyList<string> ForBuilding { get; } = ["golang-1.19-go", "make", "rsync", "jq", "dpkg-dev", "gcc", "libc6-dev"];

    public static async Task EnsureAsync(
        IReadOnlyList<string> packages, AptLists lists, Progress progress, CancellationToken cancellation)
    {
        var missing = await MissingAsync(packages, cancellation);
        if (missing.Count == 0) return;
        progress.Say($"Debian packages: installing {string.Join(' ', missing)} (once)");
        await lists.UpdateAsync(cancellation);
        using (ServiceStarts.Forbid())
            // Nothing of the machine's is removed, not even for a conflict: that is for a person to decide.
            await Command.RunAsync(lists.Apt(["install", "-y", "-q", "--no-install-recommends", "--no-remove", .. missing]), cancellation);
        await ServiceStarts.DisableAtBootAsync(missing, cancellation);
        progress.Say("Debian packages: installed");
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        var known = await Command.TryAsync(
            new CommandLine("/usr/bin/dpkg-query", ["--show", "--showformat=${db:Status-Status} ${Package}\n", .. packages]), cancellation);
        var installed = known.Output.Split('\n')
            .Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
            .Select(line => line["installed ".Length..]);
        return [.. packages.Except(installed)];
    }
}
