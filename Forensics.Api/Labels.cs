namespace Forensics.Api;

/// <summary>Labels and annotations on everything that a capture makes in the cluster (plan, Job, agent pod).</summary>
public static class Labels
{
    /// <summary>The PodCheckpoint's UID: what ties a plan, a Job and an agent pod to it across namespaces,
    /// where owner references may not go.</summary>
    public const string PodCheckpointUid = ForensicsApi.Group + "/podcheckpoint-uid";

    /// <summary>Annotation, not label: a name may be longer than a label value's 63 characters.</summary>
    public const string PodCheckpointName = ForensicsApi.Group + "/podcheckpoint-name";

    /// <summary>Annotation: the PodCheckpoint's namespace.</summary>
    public const string PodCheckpointNamespace = ForensicsApi.Group + "/podcheckpoint-namespace";

    /// <summary>Annotation: the node that the capture takes place on, so that whoever lists plans or Jobs sees it.</summary>
    public const string NodeName = ForensicsApi.Group + "/node";

    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "kube-forensics";
    public const string Component = "app.kubernetes.io/component";
    public const string AgentComponent = "agent";
}
