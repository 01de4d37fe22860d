using System.Text;
using Forensics.Api;
using Forensics.Tests.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Statuses of an agent's pod, as a kubelet would report them.</summary>
internal static class AgentStates
{
    public static V1PodStatus Running => Status("Running", new V1ContainerState { Running = new V1ContainerStateRunning() });

    public static V1PodStatus Captured => Said(OfTarget(Given.Success));

    public static V1PodStatus LostItsTarget => Said(OfTarget(Given.Failure()));

    public static V1PodStatus Cancelled => Said(new CaptureOutcome { Reason = Reasons.Cancelled, Message = "The agent was told to stop." });

    public static V1PodStatus OutOfMemory => Terminated(137, "OOMKilled", null);

    public static V1PodStatus WithoutImage => Status(
        "Pending", new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ImagePullBackOff", Message = "Back-off pulling image" } });

    private static CaptureOutcome OfTarget(CaptureOutcome outcome) =>
        outcome with { Containers = [outcome.Containers[0] with { Id = new string('c', 64) }] };

    private static V1PodStatus Said(CaptureOutcome outcome) =>
        Terminated(outcome.Complete ? 0 : 1, outcome.Complete ? "Completed" : "Error", Encoding.UTF8.GetString(outcome.ToTerminationMessage()));

    private static V1PodStatus Terminated(int exitCode, string reason, string? message) => Status(
        exitCode == 0 ? "Succeeded" : "Failed",
        new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = exitCode, Reason = reason, Message = message } });

    private static V1PodStatus Status(string phase, V1ContainerState state) => new()
    {
        Phase = phase,
        ContainerStatuses =
        [
            new V1ContainerStatus { Name = AgentContract.ContainerName, Image = "nothing-runs-here:1", ImageID = "", Ready = false, RestartCount = 0, State = state },
        ],
    };
}
