using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A pod to be captured, made of busybox containers that each run a script.</summary>
internal sealed record TargetPod(string Name)
{
    /// <summary>What the demo's intruder does: drops a file, changes one, deletes one.</summary>
    public const string Intrusion = "echo gotcha > /tmp/intruder; echo evil:x:0:0::/:/bin/sh >> /etc/passwd; rm /etc/group";

    public IReadOnlyList<(string Name, string Script)> Init { get; init; } = [];

    public IReadOnlyList<(string Name, string Script)> Containers { get; init; } = [("main", $"{Intrusion}; {Forever}")];

    public string Node { get; init; } = RealCluster.Descriptor.DockerNode;

    /// <summary>A label for which the scheduler has to find a node, instead of <see cref="Node"/>.</summary>
    public string? NodeLabel { get; init; }

    /// <summary>As in the pod's spec, in YAML's flow style; every container has the mounts.</summary>
    public string Volumes { get; init; } = "[]";
    public string Mounts { get; init; } = "[]";

    public string RestartPolicy { get; init; } = "Always";

    public string Image { get; init; } = LocalImages.Busybox;

    /// <summary>A program of the image to run instead of the scripts.</summary>
    public string? Command { get; init; }

    public bool HasReadOnlyRoot { get; init; }

    public string SettledPhase { get; init; } = "Running";

    /// <param name="runtime">docker or containerd.</param>
    public static string NodeOf(string runtime) =>
        runtime == "docker" ? RealCluster.Descriptor.DockerNode : RealCluster.Descriptor.ContainerdNode;

    /// <summary>Ends at once when told to: pods must not hold tests up.</summary>
    public static string Forever => "trap exit TERM; while true; do sleep 0.2; done";

    public string ToYaml(string namespaceName) => $"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {Name}
          namespace: {namespaceName}
        spec:
          {(NodeLabel is null ? $"nodeName: {Node}" : $"nodeSelector: {'{'}{NodeLabel}: \"yes\"{'}'}")}
          hostNetwork: true
          restartPolicy: {RestartPolicy}
          terminationGracePeriodSeconds: 2
          automountServiceAccountToken: false
          volumes: {Volumes}
          initContainers: [{string.Join(", ", Init.Select(Container))}]
          containers: [{string.Join(", ", Containers.Select(Container))}]
        """;

    private string Container((string Name, string Script) container) =>
        $$"""
        {name: {{container.Name}}, image: "{{Image}}", imagePullPolicy: Never, volumeMounts: {{Mounts}}, securityContext: {readOnlyRootFilesystem: {{(HasReadOnlyRoot ? "true" : "false")}}}, command: {{(Command is null ? $"[/bin/sh, -c, \"{container.Script}\"]" : $"[{Command}]")}}}
        """;
}
