using System.Text.Json;
using Forensics.Api;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster;

/// <summary>What a Job's agent finds mounted, made by hand: plan, metadata, and a place for the outcome.</summary>
internal sealed class PlanFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A plan for one pod <c>shop/web</c>, with its metadata.</summary>
    public PlanFolder(CapturePlan plan)
    {
        Overwrite(JsonSerializer.Serialize(plan, ApiJson.Compact.CapturePlan));
        File.WriteAllText(Path.Combine(_folder.Path, AgentContract.PodYamlFile), "kind: Pod\n");
        File.WriteAllText(Path.Combine(_folder.Path, AgentContract.DescribeFile), "Name: web\n");
    }

    /// <summary>Null until the agent has ended in order.</summary>
    public CaptureOutcome? Outcome =>
        File.Exists(TerminationLog) ? CaptureOutcome.FromTerminationMessage(File.ReadAllText(TerminationLog)) : null;

    private string TerminationLog => Path.Combine(_folder.Path, "termination-log");

    /// <summary>A plan to capture one container as the pod <c>shop/web</c>.</summary>
    /// <param name="prefix">Below the cluster's bucket.</param>
    public static CapturePlan For(DockerContainer container, string prefix) => new()
    {
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ControllerVersion = "by hand",
        PodCheckpoint = new PodCheckpointReference { Namespace = "security", Name = "case-1", Uid = "a-uid" },
        Destination = $"s3://{RealCluster.Bucket}/{prefix}",
        Target = new CaptureTarget { Namespace = "shop", Pod = "web", Uid = "pod-uid", RuntimeUid = "pod-uid", Runtime = "docker" },
        Export = new ExportOptions { Method = ExportMethod.Runtime },
        Containers = [new PlannedContainer { Name = "main", Kind = ContainerKind.Regular, Id = container.Id }],
    };

    /// <summary>A prefix that no other test uses.</summary>
    public static string NewPrefix() => $"agent-{Guid.NewGuid():N}";

    /// <summary><c>run</c>, as the Job does.</summary>
    public AgentProcess StartAgent(IReadOnlyDictionary<string, string?>? environment = null) => AgentProcess.Start(
        ["run", "--plan-directory", _folder.Path, "--termination-log", TerminationLog, "--runtime-socket", RealCluster.Descriptor.DockerSocket],
        new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>())
        {
            [AgentContract.PodUidVariable] = "01234567-0000-0000-0000-000000000000",
            [AgentContract.PodNameVariable] = "agent-pod",
            [AgentContract.NodeNameVariable] = "node-1",
        });

    /// <summary>Another plan.json, whatever it says.</summary>
    public void Overwrite(string plan) => File.WriteAllText(Path.Combine(_folder.Path, AgentContract.PlanFile), plan);

    public void Dispose() => _folder.Dispose();
}
