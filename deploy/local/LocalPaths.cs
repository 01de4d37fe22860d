namespace Forensics.Local;

/// <summary>
/// The one folder that the one-machine cluster owns, and what lies where in it: <c>cache/</c> keeps what is expensive
/// to make and never goes away, <c>state/</c> is the cluster itself. Nothing else on the machine is written to.
/// </summary>
internal sealed class LocalPaths(string home, string state = "state")
{
    public const string HomeVariable = "FORENSICS_HOME";

    public const string DefaultHome = "/var/lib/kube-forensics-local";

    public string Home { get; } = Path.GetFullPath(home);

    public string Cache => Path.Combine(Home, "cache");

    public string State => Path.Combine(Home, state);

    public string Logs => Path.Combine(State, "logs");

    /// <summary>What means nothing after a reboot, such as pid files and sockets: a /run of our own.</summary>
    public string Run => Path.Combine(State, "run");

    public string Pids => Path.Combine(Run, "pids");

    /// <summary>The description of the running cluster that tests and tasks read. Holds keys: mode 0600.</summary>
    public string Descriptor => Path.Combine(State, "cluster.json");

    public static LocalPaths FromEnvironment()
    {
        var home = Environment.GetEnvironmentVariable(HomeVariable);
        return new LocalPaths(string.IsNullOrWhiteSpace(home) ? DefaultHome : home);
    }

    /// <summary>With the same cache, and a state folder of its own.</summary>
    public LocalPaths Beside(string otherState) => new(Home, otherState);

    public string Cached(string name) => Path.Combine(Cache, name);

    /// <summary>A component's own folder below <c>state/</c>.</summary>
    public string StateOf(params ReadOnlySpan<string> component) => Path.Combine([State, .. component]);

    /// <summary>A component's own folder below <c>state/run/</c>.</summary>
    public string RunOf(string component) => Path.Combine(Run, component);

    /// <summary>Makes the state folder, for its owner only, and empties <see cref="Run"/> if the machine was restarted.</summary>
    public void PrepareState()
    {
        Directory.CreateDirectory(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var marker = Path.Combine(Run, "boot-id");
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id");
        if (File.Exists(marker) && File.ReadAllText(marker) == boot) return;
        if (Directory.Exists(Run)) Directory.Delete(Run, recursive: true);
        Directory.CreateDirectory(Run);
        File.WriteAllText(marker, boot);
    }
}
