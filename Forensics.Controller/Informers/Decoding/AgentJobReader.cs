using System.Text.Json;
using Forensics.Controller.Checkpoints;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a Job. The reader stands on its opening brace, and is left on its closing one.</summary>
internal static class AgentJobReader
{
    public static AgentJob Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentMeta? meta = null;
        long? deadline = null;
        var job = new AgentJob(); // With what the status says; the rest is added once.

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8)) meta = AgentMetaReader.Read(ref reader, shared);
            else if (reader.ValueTextEquals("spec"u8)) deadline = Deadline(ref reader);
            else if (reader.ValueTextEquals("status"u8)) job = Status(ref reader, shared);
            else reader.Skip();
        }

        return job with { Metadata = meta ?? new AgentMeta(), ActiveDeadlineSeconds = deadline };
    }

    private static long? Deadline(ref Utf8JsonReader reader)
    {
        long? deadline = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("activeDeadlineSeconds"u8)) deadline = Integer(ref reader);
            else reader.Skip();
        }

        return deadline;
    }

    private static AgentJob Status(ref Utf8JsonReader reader, SharedStrings shared)
    {
        DateTimeOffset? started = null;
        int? active = null, succeeded = null, failed = null;
        AgentJobEnd? end = null;

        if (!EnterObject(ref reader)) return new AgentJob();
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("startTime"u8)) started = Time(ref reader);
            else if (reader.ValueTextEquals("active"u8)) active = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("succeeded"u8)) succeeded = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("failed"u8)) failed = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("conditions"u8)) end = End(ref reader, shared);
            else reader.Skip();
        }

        return new AgentJob { StartTime = started, Active = active ?? 0, Succeeded = succeeded ?? 0, Failed = failed ?? 0, End = end };
    }

    // The first condition of the two that is true.
    private static AgentJobEnd? End(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentJobEnd? end = null;
        if (!EnterArray(ref reader)) return null;
        while (NextObject(ref reader))
        {
            string? type = null, status = null, reason = null;
            DateTimeOffset? since = null;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8)) type = Text(ref reader, shared);
                else if (reader.ValueTextEquals("status"u8)) status = Text(ref reader, shared);
                else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
                else if (reader.ValueTextEquals("lastTransitionTime"u8)) since = Time(ref reader);
                else reader.Skip();
            }

            if (type is "Complete" or "Failed" && status == "True") end ??= new AgentJobEnd(type, reason, since);
        }

        return end;
    }
}
