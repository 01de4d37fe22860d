namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Files that this process has open, for tests of whether all are given back.</summary>
internal static class OpenFiles
{
    /// <summary>Where each descriptor leads; without sockets, pipes and the like, and what the runtime loads, which come and go
    /// with other threads.</summary>
    public static IReadOnlyList<string> Targets()
    {
        var targets = new List<string>();
        foreach (var descriptor in Directory.GetFiles("/proc/self/fd"))
        {
            var target = TargetOf(descriptor);
            if (target.StartsWith('/') && !target.StartsWith("/proc/", StringComparison.Ordinal) && Path.GetExtension(target) is not (".dll" or ".so" or ".pdb"))
                targets.Add(target);
        }

        return targets;
    }

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // The one that listed the folder is gone by now.
            return "";
        }
    }
}
