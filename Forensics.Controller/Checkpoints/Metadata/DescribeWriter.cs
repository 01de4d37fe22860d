using System.Globalization;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>Writes what kubectl describe would show of the pod, its node and its events: for people, where the YAML is for
/// tools. Names of environment variables only; their values are in the YAML.</summary>
internal static class DescribeWriter
{
    /// <param name="pod">The target.</param>
    /// <param name="node">Null if it could not be read.</param>
    /// <param name="events">Of the pod; null if they could not be read.</param>
    public static string Write(V1Pod pod, V1Node? node, IReadOnlyList<Corev1Event>? events)
    {
        var text = new IndentedText();
        Identity(text, pod);
        Conditions(text, pod.Status?.Conditions?.Select(c => (c.Type, c.Status, (string?)c.Reason, (string?)c.Message)));
        foreach (var (title, containers) in ContainerWriter.GroupsOf(pod)) ContainerWriter.Write(text, title, containers);
        Volumes(text, pod);
        text.Fields("Node-Selectors", pod.Spec.NodeSelector)
            .Items("Tolerations", (pod.Spec.Tolerations ?? []).Select(t => $"{t.Key ?? "*"} {t.OperatorProperty} {t.Value} {t.Effect}".TrimEnd()));
        Node(text, node);
        Events(text, events);
        return text.ToString();
    }

    private static void Identity(IndentedText text, V1Pod pod)
    {
        var (meta, spec, status) = (pod.Metadata, pod.Spec, pod.Status);
        text.Field("Name", meta.Name)
            .Field("Namespace", meta.NamespaceProperty)
            .Field("UID", meta.Uid)
            .Field("Created", Time(meta.CreationTimestamp))
            .Field("Deletion Asked", Time(meta.DeletionTimestamp))
            .Items("Controlled By", (meta.OwnerReferences ?? []).Select(o => $"{o.Kind}/{o.Name} ({o.ApiVersion}, UID {o.Uid})"))
            .Field("Priority Class", spec.PriorityClassName)
            .Field("Service Account", spec.ServiceAccountName)
            .Field("Node", $"{spec.NodeName}/{status?.HostIP}")
            .Field("Start Time", Time(status?.StartTime))
            .Fields("Labels", meta.Labels)
            .Fields("Annotations", meta.Annotations)
            .Field("Status", status?.Phase)
            .Field("Reason", status?.Reason)
            .Field("Message", status?.Message)
            .Field("IP", status?.PodIP)
            .Items("IPs", (status?.PodIPs ?? []).Select(ip => ip.Ip))
            .Field("Host Network", Flag(spec.HostNetwork))
            .Field("Host PID", Flag(spec.HostPID))
            .Field("Host IPC", Flag(spec.HostIPC))
            .Field("QoS Class", status?.QosClass);
    }

    private static void Conditions(IndentedText text, IEnumerable<(string Type, string Status, string? Reason, string? Message)>? conditions) =>
        text.Items("Conditions", (conditions ?? []).Select(c => $"{c.Type} {c.Status} {c.Reason} {c.Message}".TrimEnd()));

    private static void Volumes(IndentedText text, V1Pod pod) => text.Items("Volumes", (pod.Spec.Volumes ?? []).Select(VolumeWriter.Line));

    private static void Node(IndentedText text, V1Node? node)
    {
        if (node is null)
        {
            text.Field("Node Details", "could not be read");
            return;
        }

        text.Section("Node Details", section =>
        {
            var info = node.Status?.NodeInfo;
            section.Field("Name", node.Metadata.Name)
                .Field("UID", node.Metadata.Uid)
                .Field("Provider ID", node.Spec?.ProviderID)
                .Field("Operating System", info is null ? null : $"{info.OsImage} ({info.OperatingSystem}/{info.Architecture})")
                .Field("Kernel", info?.KernelVersion)
                .Field("Kubelet", info?.KubeletVersion)
                .Field("Runtime", info?.ContainerRuntimeVersion)
                .Field("Machine ID", info?.MachineID)
                .Field("Boot ID", info?.BootID)
                .Field("Unschedulable", Flag(node.Spec?.Unschedulable))
                .Items("Addresses", (node.Status?.Addresses ?? []).Select(a => $"{a.Type} {a.Address}"))
                .Items("Taints", (node.Spec?.Taints ?? []).Select(t => $"{t.Key}={t.Value}:{t.Effect}"))
                .Fields("Labels", node.Metadata.Labels);
            Conditions(section, node.Status?.Conditions?.Select(c => (c.Type, c.Status, (string?)c.Reason, (string?)c.Message)));
        });
    }

    private static void Events(IndentedText text, IReadOnlyList<Corev1Event>? events)
    {
        if (events is null)
        {
            text.Field("Events", "could not be read");
            return;
        }

        text.Items("Events", events.OrderBy(When).Select(e =>
            $"{Time(When(e)) ?? "-"} {e.Type} {e.Reason} x{e.Count ?? 1} {e.Source?.Component ?? e.ReportingComponent}: {e.Message}"));
    }

    private static DateTime? When(Corev1Event e) => e.LastTimestamp ?? e.EventTime ?? e.FirstTimestamp ?? e.Metadata?.CreationTimestamp;

    internal static string? Time(DateTime? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Flag(bool? flag) => flag == true ? "true" : "false";
}
