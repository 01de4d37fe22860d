using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Capture;

/// <summary>How long something may keep silent, and by which clock.</summary>
internal sealed record Patience(TimeSpan Limit, TimeProvider Clock)
{
    /// <summary>An archive has something to say of nearly every entry, and its walk gives a sign at every name: only a file system that hangs
    /// (a network's whose server is gone, say) is silent for so long.</summary>
    public static Patience WithFileSystems { get; } = new(TimeSpan.FromMinutes(2), TimeProvider.System);

    /// <summary>What to throw when it is at its end.</summary>
    public RuntimeException End(string reason, TimeoutException error) =>
        new(reason, $"The file system has not answered for {Limit.TotalSeconds:0} s; it may hang.", error) { IsCut = true };
}
