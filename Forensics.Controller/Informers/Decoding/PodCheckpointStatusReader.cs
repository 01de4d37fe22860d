using System.Text.Json;
using Forensics.Api;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a PodCheckpoint's status. The reader stands on the property's name, and is left at its value's end.</summary>
internal static class PodCheckpointStatusReader
{
    /// <summary>Null if there is none.</summary>
    public static PodCheckpointStatus? Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        DateTimeOffset? started = null, completed = null;
        int? active = null, succeeded = null, failed = null;
        long? generation = null, bytes = null;
        string? message = null, ns = null, uid = null, node = null, job = null, location = null, manifest = null, size = null, spec = null;
        var phase = Phase.Pending;
        CaptureProgress? progress = null;
        IReadOnlyList<Condition> conditions = [];
        IReadOnlyList<ContainerStatus> containers = [];

        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("startTime"u8)) started = Time(ref reader);
            else if (reader.ValueTextEquals("completionTime"u8)) completed = Time(ref reader);
            else if (reader.ValueTextEquals("active"u8)) active = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("succeeded"u8)) succeeded = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("failed"u8)) failed = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("conditions"u8)) conditions = Conditions(ref reader, shared);
            else if (reader.ValueTextEquals("phase"u8)) phase = Word(ref reader, shared, Phase.Pending);
            else if (reader.ValueTextEquals("observedGeneration"u8)) generation = Integer(ref reader);
            else if (reader.ValueTextEquals("specHash"u8)) spec = Text(ref reader, shared);
            else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
            else if (reader.ValueTextEquals("targetNamespace"u8)) ns = Text(ref reader, shared);
            else if (reader.ValueTextEquals("targetUid"u8)) uid = Text(ref reader);
            else if (reader.ValueTextEquals("nodeName"u8)) node = Text(ref reader, shared);
            else if (reader.ValueTextEquals("jobName"u8)) job = Text(ref reader);
            else if (reader.ValueTextEquals("location"u8)) location = Text(ref reader);
            else if (reader.ValueTextEquals("manifestSHA256"u8)) manifest = Text(ref reader);
            else if (reader.ValueTextEquals("bytes"u8)) bytes = Integer(ref reader);
            else if (reader.ValueTextEquals("size"u8)) size = Text(ref reader, shared);
            else if (reader.ValueTextEquals("progress"u8)) progress = Progress(ref reader, shared);
            else if (reader.ValueTextEquals("containers"u8)) containers = Containers(ref reader, shared);
            else reader.Skip();
        }

        return new PodCheckpointStatus
        {
            StartTime = started,
            CompletionTime = completed,
            Active = active ?? 0,
            Succeeded = succeeded ?? 0,
            Failed = failed ?? 0,
            Conditions = conditions,
            Phase = phase,
            ObservedGeneration = generation,
            SpecHash = spec,
            Message = message,
            TargetNamespace = ns,
            TargetUid = uid,
            NodeName = node,
            JobName = job,
            Location = location,
            ManifestSha256 = manifest,
            Bytes = bytes,
            Size = size,
            Progress = progress,
            Containers = containers,
        };
    }

    private static List<Condition> Conditions(ref Utf8JsonReader reader, SharedStrings shared)
    {
        if (!EnterArray(ref reader)) return [];
        var conditions = new List<Condition>(4);
        while (NextObject(ref reader))
        {
            string? type = null, status = null, reason = null, message = null;
            DateTimeOffset? probed = null, changed = null;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8)) type = Text(ref reader, shared);
                else if (reader.ValueTextEquals("status"u8)) status = Text(ref reader, shared);
                else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
                else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
                else if (reader.ValueTextEquals("lastProbeTime"u8)) probed = Time(ref reader);
                else if (reader.ValueTextEquals("lastTransitionTime"u8)) changed = Time(ref reader);
                else reader.Skip();
            }

            conditions.Add(new Condition
            {
                Type = type ?? "",
                Status = status ?? "",
                Reason = reason,
                Message = message,
                LastProbeTime = probed,
                LastTransitionTime = changed,
            });
        }

        return conditions;
    }

    private static List<ContainerStatus> Containers(ref Utf8JsonReader reader, SharedStrings shared)
    {
        if (!EnterArray(ref reader)) return [];
        var containers = new List<ContainerStatus>(1);
        while (NextObject(ref reader))
        {
            string? name = null, runtime = null, id = null, reason = null;
            long? bytes = null;
            var (kind, state) = (ContainerKind.Regular, CaptureState.Pending);
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("name"u8)) name = Text(ref reader, shared);
                else if (reader.ValueTextEquals("kind"u8)) kind = Word(ref reader, shared, ContainerKind.Regular);
                else if (reader.ValueTextEquals("runtime"u8)) runtime = Text(ref reader, shared);
                else if (reader.ValueTextEquals("id"u8)) id = Text(ref reader);
                else if (reader.ValueTextEquals("state"u8)) state = Word(ref reader, shared, CaptureState.Pending);
                else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
                else if (reader.ValueTextEquals("bytes"u8)) bytes = Integer(ref reader);
                else reader.Skip();
            }

            containers.Add(new ContainerStatus { Name = name ?? "", Kind = kind, Runtime = runtime, Id = id, State = state, Reason = reason, Bytes = bytes });
        }

        return containers;
    }

    private static CaptureProgress? Progress(ref Utf8JsonReader reader, SharedStrings shared)
    {
        DateTimeOffset? time = null;
        string? container = null, artifact = null;
        long? bytes = null;
        int? done = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("time"u8)) time = Time(ref reader);
            else if (reader.ValueTextEquals("container"u8)) container = Text(ref reader, shared);
            else if (reader.ValueTextEquals("artifact"u8)) artifact = Text(ref reader, shared);
            else if (reader.ValueTextEquals("bytes"u8)) bytes = Integer(ref reader);
            else if (reader.ValueTextEquals("artifactsDone"u8)) done = SmallInteger(ref reader);
            else reader.Skip();
        }

        return new CaptureProgress { Time = time, Container = container, Artifact = artifact, Bytes = bytes ?? 0, ArtifactsDone = done ?? 0 };
    }

    // A word that only a later version knows is none.
    private static T Word<T>(ref Utf8JsonReader reader, SharedStrings shared, T otherwise)
        where T : struct, Enum =>
        Text(ref reader, shared) is { Length: > 0 } word && char.IsAsciiLetter(word[0]) && Enum.TryParse<T>(word, out var known) ? known : otherwise;
}
