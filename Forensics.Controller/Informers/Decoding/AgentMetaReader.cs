using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads the metadata of Jobs and agent pods. The reader stands on the property's name, and is left at its value's end.</summary>
internal static class AgentMetaReader
{
    public static AgentMeta Read(ref WireReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, uid = null, version = null, checkpointUid = null, node = null;
        DateTimeOffset? created = null, deleted = null;
        ResourceKey? checkpoint = null;
        WireReader owners = default; // A copy, read last: which owner is ours only the labels tell.

        if (!reader.EnterObject()) return new AgentMeta();
        while (reader.NextProperty())
        {
            if (reader.Is("namespace"u8)) ns = reader.Text(shared);
            else if (reader.Is("name"u8)) name = reader.Text(shared);
            else if (reader.Is("uid"u8)) uid = reader.Text(shared);
            else if (reader.Is("resourceVersion"u8)) version = reader.Text();
            else if (reader.Is("creationTimestamp"u8)) created = reader.Time();
            else if (reader.Is("deletionTimestamp"u8)) deleted = reader.Time();
            else if (reader.Is("labels"u8)) checkpointUid = CheckpointUid(ref reader, shared);
            else if (reader.Is("annotations"u8)) (checkpoint, node) = Annotations(ref reader, shared);
            else
            {
                if (reader.Is("ownerReferences"u8)) owners = reader;
                reader.Skip();
            }
        }

        return new AgentMeta
        {
            Namespace = ns ?? "",
            Name = name ?? "",
            Uid = uid ?? "",
            ResourceVersion = version ?? "",
            CreationTimestamp = created,
            DeletionTimestamp = deleted,
            CheckpointUid = checkpointUid,
            Checkpoint = checkpoint,
            Node = node,
            PlanUid = checkpointUid is null ? null : PlanUid(ref owners, checkpointUid, shared),
        };
    }

    private static string? CheckpointUid(ref WireReader reader, SharedStrings shared)
    {
        string? uid = null, manager = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is(Labels.PodCheckpointUid)) uid = reader.Text(shared);
            else if (reader.Is(Labels.ManagedBy)) manager = reader.Text(shared);
            else reader.Skip();
        }

        return manager == Labels.ManagedByValue ? uid : null;
    }

    private static (ResourceKey? Checkpoint, string? Node) Annotations(ref WireReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, node = null;
        if (!reader.EnterObject()) return (null, null);
        while (reader.NextProperty())
        {
            if (reader.Is(Labels.PodCheckpointNamespace)) ns = reader.Text(shared);
            else if (reader.Is(Labels.PodCheckpointName)) name = reader.Text(shared);
            else if (reader.Is(Labels.NodeName)) node = reader.Text(shared);
            else reader.Skip();
        }

        return (ns is not null && name is not null ? new ResourceKey(ns, name) : null, node);
    }

    private static string? PlanUid(ref WireReader owners, string checkpointUid, SharedStrings shared)
    {
        if (owners.TokenType != JsonTokenType.PropertyName || !owners.EnterArray()) return null;
        while (owners.NextObject())
        {
            string? kind = null, uid = null, name = null;
            while (owners.NextProperty())
            {
                if (owners.Is("kind"u8)) kind = owners.Text(shared);
                else if (owners.Is("uid"u8)) uid = owners.Text(shared);
                else if (owners.Is("name"u8)) name = owners.Text(shared);
                else owners.Skip();
                if (kind is null or "ConfigMap") continue;
                owners.Leave();
                break;
            }

            if (kind == "ConfigMap" && CaptureIdentity.IsNameOf(checkpointUid, name)) return uid;
        }

        return null;
    }
}
