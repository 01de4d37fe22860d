using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>What goes on, by the statuses; how late it is, by the Jobs.</summary>
internal sealed record CaptureCensus
{
    /// <summary>They have their Job and have not ended.</summary>
    public int Running { get; init; }

    /// <summary>They have neither ended nor a Job, and are still wanted.</summary>
    public int Waiting { get; init; }

    /// <summary>Since its start; zero if none runs.</summary>
    public TimeSpan LongestRunning { get; init; }

    /// <summary>How far the latest of them is past its Job's own deadline; zero if none is.</summary>
    public TimeSpan LongestOverdue { get; init; }

    /// <summary>Since its PodCheckpoint was made; zero if none waits.</summary>
    public TimeSpan LongestWaiting { get; init; }

    /// <summary>When evidence was last stored whole; null if it never was, as far as the PodCheckpoints that are still there say.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <param name="deadline">Of Jobs that have none of their own.</param>
    public static CaptureCensus Of(IReadOnlyList<PodCheckpoint> checkpoints, IStore<AgentJob> jobs, TimeSpan deadline, DateTimeOffset now)
    {
        int running = 0, waiting = 0;
        DateTimeOffset oldestRunning = now, oldestWaiting = now, longestDue = now;
        DateTimeOffset? lastSuccess = null;
        foreach (var checkpoint in checkpoints)
        {
            var status = checkpoint.Status;
            if (Observation.IsFinal(checkpoint))
            {
                if (IsComplete(status!) && !(status!.CompletionTime <= lastSuccess)) lastSuccess = status.CompletionTime;
            }
            else if (checkpoint.Metadata.DeletionTimestamp is not null && jobs.Indexed(checkpoint.Metadata.Uid).Count == 0)
            {
                // Cancelled. It is only there because of another's finalizer.
            }
            else if (string.IsNullOrEmpty(status?.JobName))
            {
                waiting++;
                oldestWaiting = Earlier(oldestWaiting, checkpoint.Metadata.CreationTimestamp);
            }
            else
            {
                running++;
                oldestRunning = Earlier(oldestRunning, status.StartTime);
                foreach (var job in jobs.Indexed(checkpoint.Metadata.Uid)) longestDue = Earlier(longestDue, job.DueTime(deadline));
            }
        }

        return new CaptureCensus
        {
            Running = running,
            Waiting = waiting,
            LongestRunning = now - oldestRunning,
            LongestOverdue = now - longestDue,
            LongestWaiting = now - oldestWaiting,
            LastSuccess = lastSuccess,
        };
    }

    // The original has conditions and no phase.
    private static bool IsComplete(PodCheckpointStatus status) => status.Phase == Phase.Complete || status.Conditions.IsTrue(ConditionTypes.Complete);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
