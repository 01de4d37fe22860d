using System.Globalization;

namespace Forensics.Local;

/// <summary>
/// Without CAP_SYS_RESOURCE nobody may lower an OOM score, and every pod's sandbox asks for that: it would fail with
/// "can't get final child's PID from pipe". containerd has a setting for it; for Docker a small script drops the
/// request before runc sees it. On a machine that has the capability, none of this is used.
/// </summary>
internal static class RuncWithoutOomScore
{
    private const int CapSysResource = 24;

    private const string Script = """
        #!/bin/sh
        # Drops the OOM score from the bundle's config.json, then hands over to runc.
        previous=
        for argument; do
            if [ "$previous" = --bundle ] && [ -f "$argument/config.json" ]; then
                jq 'del(.process.oomScoreAdj)' "$argument/config.json" >"$argument/config.json.new" &&
                    mv "$argument/config.json.new" "$argument/config.json"
            fi
            previous=$argument
        done
        exec /usr/sbin/runc "$@"

        """;

    public static bool IsNeeded => !HasCapability(File.ReadAllText("/proc/self/status"), CapSysResource);

    public static IReadOnlyList<string> DockerArguments(LocalPaths paths)
    {
        if (!IsNeeded) return [];
        var script = Path.Combine(paths.StateOf("docker"), "runc-without-oom-score");
        File.WriteAllText(script, Script);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return [$"--add-runtime=forensics={script}", "--default-runtime=forensics"];
    }

    /// <summary>Reads the CapEff line of /proc/PID/status (capabilities(7)): a hexadecimal bit mask.</summary>
    public static bool HasCapability(string status, int capability)
    {
        var line = status.Split('\n').First(candidate => candidate.StartsWith("CapEff:", StringComparison.Ordinal));
        var mask = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask & (1UL << capability)) != 0;
    }
}
