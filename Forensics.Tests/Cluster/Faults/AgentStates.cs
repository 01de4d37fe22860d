using System.Text;
using Forensics.Api;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Statuses of an agent's pod, as a kubelet would report them.</summary>
internal static class AgentStates
{
    public static V1PodStatus Running => Status("Running", new V1ContainerState { Running = new V1ContainerStateRunning() });

    public static V1PodStatus Captured => Said(new CaptureOutcome
    {
        Complete = true,
        Reason = Reasons.Captured,
        Message = "All is stored.",
        ManifestSha256 = new string('a', 64),
        Bytes = 2048,
        Objects = 9,
        Containers = [new ContainerStatus { Name = "app", Runtime = "docker", Id = new string('c', 64), State = CaptureState.Captured, Bytes = 2000 }],
    });

    public static V1PodStatus LostItsTarget => Said(new CaptureOutcome
    {
        Reason = Reasons.ContainerGone,
        Message = "The container went away.",
        ManifestSha256 = new string('b', 64),
        Bytes = 100,
        Objects = 2,
        Containers = [new ContainerStatus { Name = "app", Runtime = "docker", Id = new string('c', 64), State = CaptureState.Failed, Reason = Reasons.ContainerGone }],
    });

    public static V1PodStatus Cancelled => Said(new CaptureOutcome { Reason = Reasons.Cancelled, Message = "The agent was told to stop." });

    public static V1PodStatus OutOfMemory => Terminated(137, "OOMKilled", null);

    public static V1PodStatus WithoutImage => Status(
        "Pending", new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ImagePullBackOff", Message = "Back-off pulling image" } });

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
