using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Makes the Job that runs the agent beside the target: the deployment's PodTemplate, plus what every capture needs.
/// Image, pull secrets, resources, security context and S3 settings stay as the template has them. Pure.</summary>
internal static class JobFactory
{
    private const string PlanVolume = "forensics-plan";
    private const string SocketVolume = "forensics-runtime-socket";

    /// <summary>Null if the template can be used.</summary>
    public static Trouble? TroubleWith(V1PodTemplate? template, CaptureOptions options)
    {
        var name = $"'{AgentContract.PodTemplateName}' in the namespace '{options.WorkerNamespace}'";
        if (template is null)
            return new Trouble(Reasons.AgentTemplateMissing, $"There is no PodTemplate {name}, from which agents are made. Apply the deployment again (kubectl apply -k).");

        var agent = template.Template?.Spec?.Containers?.FirstOrDefault(c => c.Name == AgentContract.ContainerName);
        if (agent is null)
            return new Trouble(Reasons.AgentTemplateInvalid, $"The PodTemplate {name} has no container '{AgentContract.ContainerName}'. Apply the deployment again (kubectl apply -k).");

        return string.IsNullOrEmpty(agent.Image) && options.WorkerImage.Length == 0
            ? new Trouble(Reasons.AgentTemplateInvalid, $"Neither the PodTemplate {name} nor --worker-image names the agent's image. Set one of them.")
            : null;
    }

    /// <param name="planUid">UID of the plan's ConfigMap. It owns the Job: where the plan goes, the Job follows, and a Job made
    /// late by a paused leader can neither start (nothing to mount) nor stay.</param>
    public static V1Job Job(V1PodTemplate template, CapturePlan plan, string planUid, CaptureOptions options)
    {
        var name = CaptureIdentity.NameOf(plan.PodCheckpoint.Uid);
        return new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = options.WorkerNamespace,
                Labels = LabelsOver(null, plan),
                Annotations = CaptureIdentity.AnnotationsFor(plan),
                OwnerReferences = [PlanAsOwner(name, planUid)],
            },
            Spec = new V1JobSpec
            {
                Parallelism = 1,
                Completions = 1,
                BackoffLimit = 0,
                PodReplacementPolicy = "Failed", // Older API servers drop it, and AgentReplaced takes care of what they do.
                ActiveDeadlineSeconds = plan.DeadlineSeconds > 0 ? plan.DeadlineSeconds : (long)options.CaptureDeadline.TotalSeconds, // Earlier plans do not say.
                Template = PodFor(Copy(template.Template), name, plan, options),
            },
        };
    }

    private static V1PodTemplateSpec PodFor(V1PodTemplateSpec pod, string planName, CapturePlan plan, CaptureOptions options)
    {
        pod.Metadata ??= new V1ObjectMeta();
        pod.Metadata.Labels = LabelsOver(pod.Metadata.Labels, plan);
        pod.Metadata.Annotations = Over(pod.Metadata.Annotations, CaptureIdentity.AnnotationsFor(plan));
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.AutomountServiceAccountToken = false;
        pod.Spec.Tolerations = [new V1Toleration { OperatorProperty = "Exists" }];
        Pin(pod.Spec, plan.Target.NodeName, options);

        var agent = pod.Spec.Containers.First(c => c.Name == AgentContract.ContainerName);
        if (options.WorkerImage.Length > 0) agent.Image = options.WorkerImage;
        agent.Args = ["run"];
        agent.TerminationMessagePath = AgentContract.TerminationLog;
        agent.TerminationMessagePolicy = "FallbackToLogsOnError";
        SetFromPod(agent, AgentContract.PodNameVariable, "metadata.name");
        SetFromPod(agent, AgentContract.PodUidVariable, "metadata.uid");
        SetFromPod(agent, AgentContract.NodeNameVariable, "spec.nodeName");

        Mount(pod.Spec, agent, AgentContract.PlanDirectory, null, new V1Volume
        {
            Name = PlanVolume,
            ConfigMap = new V1ConfigMapVolumeSource { Name = planName, DefaultMode = 0b100_100_100 },
        });
        if (plan.Node is { } node) MountNode(pod.Spec, agent, node);
        return pod;
    }

    private static void MountNode(V1PodSpec pod, V1Container agent, NodeLayout node)
    {
        MountHost(pod, agent, SocketVolume, node.Socket, "Socket", AgentContract.RuntimeSocket);
        foreach (var directory in node.Directories)
            MountHost(pod, agent, $"forensics-host-{Path.GetFileName(directory.Path)}", directory.HostPath, "Directory", directory.Path);
    }

    /// <param name="type">An untyped hostPath would create a directory on the evidence host.</param>
    private static void MountHost(V1PodSpec pod, V1Container agent, string name, string hostPath, string type, string path) =>
        // HostToContainer: what the node mounts and unmounts meanwhile must come and go here too, or it would be busy on the node.
        Mount(pod, agent, path, "HostToContainer", new V1Volume
        {
            Name = name,
            HostPath = new V1HostPathVolumeSource { Path = hostPath, Type = type },
        });

    private static void Pin(V1PodSpec pod, string node, CaptureOptions options)
    {
        if (options.PinByNodeName)
        {
            pod.NodeName = node;
            return;
        }

        pod.Affinity ??= new V1Affinity();
        pod.Affinity.NodeAffinity = new V1NodeAffinity
        {
            RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
            {
                NodeSelectorTerms =
                [
                    new V1NodeSelectorTerm
                    {
                        MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = [node] }],
                    },
                ],
            },
        };
    }

    private static void SetFromPod(V1Container agent, string variable, string field) => agent.Env =
    [
        .. (agent.Env ?? []).Where(e => e.Name != variable),
        new V1EnvVar
        {
            Name = variable,
            ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { ApiVersion = "v1", FieldPath = field } },
        },
    ];

    private static void Mount(V1PodSpec pod, V1Container agent, string path, string? propagation, V1Volume volume)
    {
        pod.Volumes = [.. (pod.Volumes ?? []).Where(v => v.Name != volume.Name), volume];
        agent.VolumeMounts =
        [
            .. (agent.VolumeMounts ?? []).Where(m => m.Name != volume.Name && m.MountPath != path),
            new V1VolumeMount { Name = volume.Name, MountPath = path, ReadOnlyProperty = true, MountPropagation = propagation },
        ];
    }

    private static V1OwnerReference PlanAsOwner(string planName, string planUid) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Name = planName,
        Uid = planUid,
        Controller = true,
        BlockOwnerDeletion = false,
    };

    private static Dictionary<string, string> LabelsOver(IDictionary<string, string>? own, CapturePlan plan)
    {
        var ours = CaptureIdentity.LabelsFor(plan.PodCheckpoint.Uid);
        ours[Labels.Component] = Labels.AgentComponent;
        ours["env"] = "security"; // Upstream's: people's queries and policies select it.
        return Over(own, ours);
    }

    private static Dictionary<string, string> Over(IDictionary<string, string>? own, Dictionary<string, string> ours)
    {
        var all = own is null ? [] : new Dictionary<string, string>(own, StringComparer.Ordinal);
        foreach (var (key, value) in ours) all[key] = value;
        return all;
    }

    private static V1PodTemplateSpec Copy(V1PodTemplateSpec template) =>
        KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(template));
}
