namespace Forensics.Tests.Cluster.Faults;

/// <summary>What happens to a PodCheckpoint, from being applied to the last trace of its capture: told so that it waits for every
/// state that must be reached, and so ends only where it must.</summary>
/// <param name="Flags">Of the controller, besides those of every run.</param>
internal sealed record Story(string Name, Func<Stage, Task> PlayAsync, params IReadOnlyList<string> Flags)
{
    public override string ToString() => Name;
}
