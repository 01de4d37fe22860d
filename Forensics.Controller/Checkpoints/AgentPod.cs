namespace Forensics.Controller.Checkpoints;

/// <summary>What is read of an agent's pod.</summary>
internal sealed record AgentPod
{
    public AgentMeta Metadata { get; init; } = new();

    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    /// <summary>Why the pod as a whole is as it is: Evicted, say. Null mostly.</summary>
    public string? Reason { get; init; }
    public string? Message { get; init; }

    /// <summary>Why the scheduler finds no place for it; null once it has one, or was not looked at.</summary>
    public AgentTrouble? Unscheduled { get; init; }

    /// <summary>The agent's own container; null until the kubelet speaks of it.</summary>
    public AgentContainer? Container { get; init; }

    /// <summary>The same without what the agent left in its termination log, which is most of what is read of a pod that has ended.</summary>
    public AgentPod WithoutWords() => Container is { Terminated: { Message: not null } end } container
        ? this with { Container = container with { Terminated = end with { Message = null, HadWords = true } } }
        : this;
}

/// <summary>What the kubelet says of the agent's container. It waits, runs or has ended; none of them if the kubelet does not say.</summary>
internal sealed record AgentContainer
{
    public string? Image { get; init; }
    public AgentTrouble? Waiting { get; init; }
    public bool Running { get; init; }
    public AgentEnd? Terminated { get; init; }
}

/// <summary>Reason and message in Kubernetes' words.</summary>
internal sealed record AgentTrouble(string? Reason, string? Message);

/// <param name="Message">What the agent left in its termination log, up to 4,096 bytes; null if nothing.</param>
internal sealed record AgentEnd(int ExitCode, string? Reason, string? Message)
{
    /// <summary>True if there was a message, and the cache has let go of it.</summary>
    public bool HadWords { get; init; }
}
