using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;

namespace Forensics.Controller.Checkpoints;

/// <summary>What became of starting the agent.</summary>
internal abstract record AgentStart
{
    private AgentStart()
    {
    }

    public sealed record Started(AgentJob Job) : AgentStart;

    /// <summary>There is a Job of this name. Ours or not, the decision is to be made again with it.</summary>
    public sealed record NameTaken(AgentJob? Job) : AgentStart;

    /// <summary>There was a Job, and it left traces: it must not be made again.</summary>
    public sealed record WasThere : AgentStart;

    public sealed record Refused(Trouble Trouble) : AgentStart;
}

/// <summary>Creates the Job, at most once per PodCheckpoint.</summary>
internal sealed class AgentStarter(IClusterApi api, CaptureOptions options)
{
    /// <summary>A process before this one may have made the Job and died before it could write so into the status, and somebody may
    /// have deleted it since, or its plan and it. Then the Job controller's events still speak of it.</summary>
    public async Task<AgentStart> StartAsync(Observation seen, CancellationToken cancellationToken)
    {
        var name = CaptureIdentity.NameOf(seen.Checkpoint);
        if (await api.ListEventsAsync(options.WorkerNamespace, "Job", name, cancellationToken) is { Count: > 0 })
            return await api.GetJobAsync(name, cancellationToken) is { } late ? new AgentStart.NameTaken(late) : new AgentStart.WasThere();

        var template = await api.GetPodTemplateAsync(AgentContract.PodTemplateName, cancellationToken);
        if (JobFactory.TroubleWith(template, options) is { } trouble) return new AgentStart.Refused(trouble);

        var plan = seen.Plan!;
        return await api.CreateJobAsync(JobFactory.Job(template!, plan.Content!, plan.Uid, options), cancellationToken) switch
        {
            Creation<AgentJob>.Created created => new AgentStart.Started(created.Value),
            Creation<AgentJob>.Exists => new AgentStart.NameTaken(await api.GetJobAsync(name, cancellationToken)),
            Creation<AgentJob>.Refused refused => new AgentStart.Refused(new Trouble(Reasons.AgentRejected, PlainText.Of(
                $"The cluster refuses the agent's Job: {refused.Message}. Allow it in '{options.WorkerNamespace}' (quota, webhooks, RBAC), or correct the PodTemplate.", 1000))),
            var unknown => throw new InvalidOperationException($"Nothing is known of {unknown}."),
        };
    }
}
