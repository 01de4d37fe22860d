using Forensics.Api;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a PodCheckpoint's status. The reader stands on the property's name, and is left at its value's end.</summary>
internal static class PodCheckpointStatusReader
{
    /// <summary>Null if there is none.</summary>
    public static PodCheckpointStatus? Read(ref WireReader reader, SharedStrings shared)
    {
        DateTimeOffset? started = null, completed = null;
        int? active = null, succeeded = null, failed = null;
        long? generation = null, bytes = null;
        string? message = null, ns = null, uid = null, node = null, job = null, location = null, manifest = null, size = null, spec = null;
        var phase = Phase.Pending;
        CaptureProgress? progress = null;
        IReadOnlyList<Condition> conditions = [];
        IReadOnlyList<ContainerStatus> containers = [];

        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("startTime"u8)) started = reader.Time();
            else if (reader.Is("completionTime"u8)) completed = reader.Time();
            else if (reader.Is("active"u8)) active = reader.SmallInteger();
            else if (reader.Is("succeeded"u8)) succeeded = reader.SmallInteger();
            else if (reader.Is("failed"u8)) failed = reader.SmallInteger();
            else if (reader.Is("conditions"u8)) conditions = Conditions(ref reader, shared);
            else if (reader.Is("phase"u8)) phase = Word(ref reader, shared, Phase.Pending);
            else if (reader.Is("observedGeneration"u8)) generation = reader.Integer();
            else if (reader.Is("specHash"u8)) spec = reader.Text(shared);
            else if (reader.Is("message"u8)) message = reader.Text(shared);
            else if (reader.Is("targetNamespace"u8)) ns = reader.Text(shared);
            else if (reader.Is("targetUid"u8)) uid = reader.Text();
            else if (reader.Is("nodeName"u8)) node = reader.Text(shared);
            else if (reader.Is("jobName"u8)) job = reader.Text();
            else if (reader.Is("location"u8)) location = reader.Text();
            else if (reader.Is("manifestSHA256"u8)) manifest = reader.Text();
            else if (reader.Is("bytes"u8)) bytes = reader.Integer();
            else if (reader.Is("size"u8)) size = reader.Text(shared);
            else if (reader.Is("progress"u8)) progress = Progress(ref reader, shared);
            else if (reader.Is("containers"u8)) containers = Containers(ref reader, shared);
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

    private static List<Condition> Conditions(ref WireReader reader, SharedStrings shared)
    {
        if (!reader.EnterArray()) return [];
        var conditions = new List<Condition>(4);
        while (reader.NextObject())
        {
            string? type = null, status = null, reason = null, message = null;
            DateTimeOffset? probed = null, changed = null;
            while (reader.NextProperty())
            {
                if (reader.Is("type"u8)) type = reader.Text(shared);
                else if (reader.Is("status"u8)) status = reader.Text(shared);
                else if (reader.Is("reason"u8)) reason = reader.Text(shared);
                else if (reader.Is("message"u8)) message = reader.Text(shared);
                else if (reader.Is("lastProbeTime"u8)) probed = reader.Time();
                else if (reader.Is("lastTransitionTime"u8)) changed = reader.Time();
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

    private static List<ContainerStatus> Containers(ref WireReader reader, SharedStrings shared)
    {
        if (!reader.EnterArray()) return [];
        var containers = new List<ContainerStatus>(1);
        while (reader.NextObject())
        {
            string? name = null, runtime = null, id = null, reason = null;
            long? bytes = null;
            var (kind, state) = (ContainerKind.Regular, CaptureState.Pending);
            while (reader.NextProperty())
            {
                if (reader.Is("name"u8)) name = reader.Text(shared);
                else if (reader.Is("kind"u8)) kind = Word(ref reader, shared, ContainerKind.Regular);
                else if (reader.Is("runtime"u8)) runtime = reader.Text(shared);
                else if (reader.Is("id"u8)) id = reader.Text();
                else if (reader.Is("state"u8)) state = Word(ref reader, shared, CaptureState.Pending);
                else if (reader.Is("reason"u8)) reason = reader.Text(shared);
                else if (reader.Is("bytes"u8)) bytes = reader.Integer();
                else reader.Skip();
            }

            containers.Add(new ContainerStatus { Name = name ?? "", Kind = kind, Runtime = runtime, Id = id, State = state, Reason = reason, Bytes = bytes });
        }

        return containers;
    }

    private static CaptureProgress? Progress(ref WireReader reader, SharedStrings shared)
    {
        DateTimeOffset? time = null;
        string? container = null, artifact = null;
        long? bytes = null;
        int? done = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("time"u8)) time = reader.Time();
            else if (reader.Is("container"u8)) container = reader.Text(shared);
            else if (reader.Is("artifact"u8)) artifact = reader.Text(shared);
            else if (reader.Is("bytes"u8)) bytes = reader.Integer();
            else if (reader.Is("artifactsDone"u8)) done = reader.SmallInteger();
            else reader.Skip();
        }

        return new CaptureProgress { Time = time, Container = container, Artifact = artifact, Bytes = bytes ?? 0, ArtifactsDone = done ?? 0 };
    }

    // A word that only a later version knows is none.
    private static T Word<T>(ref WireReader reader, SharedStrings shared, T otherwise)
        where T : struct, Enum =>
        reader.Text(shared) is { Length: > 0 } word && char.IsAsciiLetter(word[0]) && Enum.TryParse<T>(word, out var known) ? known : otherwise;
}
