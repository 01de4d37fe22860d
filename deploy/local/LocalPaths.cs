namespace Forensics.Local;

/// <summary>
/// The one folder that the one-machine cluster owns, and what lies where in it: <c>cache/</c> keeps what is expensive
/// to make and never goes away, <c>state/</c> is the cluster itself. Nothing else on the machine is written to.
/// </summary>
internal sealed class LocalPaths(string home)
{
    public const string HomeVariable = "FORENSICS_HOME";

    public const string DefaultHome = "/var/lib/kube-forensics-local";

    public string Home { get; } = Path.GetFullPath(home);

    public string Cache => Path.Combine(Home, "cache");

    public string State => Path.Combine(Home, "state");

    public string Logs => Path.Combine(State, "logs");

    public string Pids => Path.Combine(State, "pids");

    /// <summary>The description of the running cluster that tests and tasks read. Holds keys: mode 0600.</summary>
    public string Descriptor => Path.Combine(State, "cluster.json");

    public static LocalPaths FromEnvironment()
    {
        var home = Environment.GetEnvironmentVariable(HomeVariable);
        return new LocalPaths(string.IsNullOrWhiteSpace(home) ? DefaultHome : home);
    }

    public string Cached(string name) => Path.Combine(Cache, name);

    /// <summary>A component's own folder below <c>state/</c>, made if it is not there.</summary>
    public string StateOf(string component) => Directory.CreateDirectory(Path.Combine(State, component)).FullName;
}
