using Forensics.Api;

namespace Forensics.Agent.Runtimes;

/// <summary>OCI runtimes that put a kernel of their own between the container and the node.</summary>
internal static class SandboxedRuntimes
{
    private static readonly (string Word, string Name, string Hidden)[] Known =
    [
        ("runsc", "gVisor", "what the container wrote may be in a file of gVisor's own instead of the layers"),
        ("gvisor", "gVisor", "what the container wrote may be in a file of gVisor's own instead of the layers"),
        ("kata", "Kata Containers", "what is mounted or kept in memory inside the virtual machine is not in the layers"),
    ];

    /// <summary>Null if the runtime is none of them.</summary>
    /// <param name="runtime">Name or type: runsc, io.containerd.kata.v2.</param>
    public static RootProblem? ProblemOf(string? runtime) =>
        runtime is null || Known.FirstOrDefault(known => runtime.Contains(known.Word, StringComparison.OrdinalIgnoreCase)) is not { Word: not null } sandbox
            ? null
            : new RootProblem(
                Reasons.SandboxedRuntime, $"The container runs on {sandbox.Name} ('{runtime}'): {sandbox.Hidden}. The layers hold all the rest.");
}
