namespace Forensics.Api;

/// <summary>What the controller's Job and the agent in it agree on: paths inside the agent's container and its environment.</summary>
public static class AgentContract
{
    public const string ContainerName = "agent";
    public const string PodTemplateName = "forensics-agent";

    /// <summary>Where the plan ConfigMap is mounted; its keys are the files.</summary>
    public const string PlanDirectory = "/etc/forensics/plan";
    public const string PlanFile = "plan.json";
    public const string PodYamlFile = "pod.yaml";
    public const string DescribeFile = "describe.txt";

    /// <summary>The runtime's socket inside the agent's container, wherever it lies on the host.</summary>
    public const string RuntimeSocket = "/run/forensics/runtime.sock";

    /// <summary>Below it the host's directories that a capture reads.</summary>
    public const string HostDirectory = "/run/forensics/host";

    /// <summary>Of these the kubelet's folder of the target pod.</summary>
    public const string PodDirectory = HostDirectory + "/pod";
    public const string TerminationLog = "/dev/termination-log";

    // Environment, set from the downward API.
    public const string PodNameVariable = "FORENSICS_POD_NAME";
    public const string PodUidVariable = "FORENSICS_POD_UID";
    public const string NodeNameVariable = "FORENSICS_NODE_NAME";
}
