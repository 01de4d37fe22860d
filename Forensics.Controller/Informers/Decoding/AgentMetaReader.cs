using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads the metadata of Jobs and agent pods. The reader stands on the property's name, and is left at its value's end.</summary>
internal static class AgentMetaReader
{
    public static AgentMeta Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, uid = null, version = null, checkpointUid = null, node = null;
        DateTimeOffset? created = null, deleted = null;
        ResourceKey? checkpoint = null;
        Utf8JsonReader owners = default; // A copy, read last: which owner is ours only the labels tell.

        if (!EnterObject(ref reader)) return new AgentMeta();
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("namespace"u8)) ns = Text(ref reader, shared);
            else if (reader.ValueTextEquals("name"u8)) name = Text(ref reader, shared);
            else if (reader.ValueTextEquals("uid"u8)) uid = Text(ref reader, shared);
            else if (reader.ValueTextEquals("resourceVersion"u8)) version = Text(ref reader);
            else if (reader.ValueTextEquals("creationTimestamp"u8)) created = Time(ref reader);
            else if (reader.ValueTextEquals("deletionTimestamp"u8)) deleted = Time(ref reader);
            else if (reader.ValueTextEquals("labels"u8)) checkpointUid = CheckpointUid(ref reader, shared);
            else if (reader.ValueTextEquals("annotations"u8)) (checkpoint, node) = Annotations(ref reader, shared);
            else
            {
                if (reader.ValueTextEquals("ownerReferences"u8)) owners = reader;
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

    private static string? CheckpointUid(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? uid = null, manager = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(Labels.PodCheckpointUid)) uid = Text(ref reader, shared);
            else if (reader.ValueTextEquals(Labels.ManagedBy)) manager = Text(ref reader, shared);
            else reader.Skip();
        }

        return manager == Labels.ManagedByValue ? uid : null;
    }

    private static (ResourceKey? Checkpoint, string? Node) Annotations(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, node = null;
        if (!EnterObject(ref reader)) return (null, null);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(Labels.PodCheckpointNamespace)) ns = Text(ref reader, shared);
            else if (reader.ValueTextEquals(Labels.PodCheckpointName)) name = Text(ref reader, shared);
            else if (reader.ValueTextEquals(Labels.NodeName)) node = Text(ref reader, shared);
            else reader.Skip();
        }

        return (ns is not null && name is not null ? new ResourceKey(ns, name) : null, node);
    }

    private static string? PlanUid(ref Utf8JsonReader owners, string checkpointUid, SharedStrings shared)
    {
        if (owners.TokenType != JsonTokenType.PropertyName || !EnterArray(ref owners)) return null;
        while (NextObject(ref owners))
        {
            string? kind = null, uid = null, name = null;
            while (NextProperty(ref owners))
            {
                if (owners.ValueTextEquals("kind"u8)) kind = Text(ref owners, shared);
                else if (owners.ValueTextEquals("uid"u8)) uid = Text(ref owners, shared);
                else if (owners.ValueTextEquals("name"u8)) name = Text(ref owners, shared);
                else owners.Skip();
            }

            if (kind == "ConfigMap" && CaptureIdentity.IsNameOf(checkpointUid, name)) return uid;
        }

        return null;
    }
}
