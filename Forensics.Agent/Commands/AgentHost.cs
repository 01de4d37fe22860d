using System.Reflection;
using Forensics.Api;

namespace Forensics.Agent.Commands;

/// <summary>What the program takes from outside, so that tests can give it something else.</summary>
internal sealed record AgentHost(Func<string, string?> Environment, TextWriter Out, TextWriter Error, TimeProvider Clock)
{
    private const string KernelFile = "/proc/sys/kernel/osrelease";

    public static string Version { get; } =
        typeof(AgentHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public AgentIdentity Identify() => new()
    {
        Version = Version,
        PodName = Environment(AgentContract.PodNameVariable),
        PodUid = Environment(AgentContract.PodUidVariable),
        NodeName = Environment(AgentContract.NodeNameVariable),
        Host = System.Environment.MachineName,
        Kernel = File.Exists(KernelFile) ? File.ReadAllText(KernelFile).Trim() : null,
    };
}
