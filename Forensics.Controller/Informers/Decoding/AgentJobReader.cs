using Forensics.Controller.Checkpoints;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a Job. The reader stands on its opening brace, and is left on its closing one.</summary>
internal static class AgentJobReader
{
    public static AgentJob Read(ref WireReader reader, SharedStrings shared)
    {
        AgentMeta? meta = null;
        long? deadline = null;
        var job = new AgentJob(); // With what the status says; the rest is added once.

        while (reader.NextProperty())
        {
            if (reader.Is("metadata"u8)) meta = AgentMetaReader.Read(ref reader, shared);
            else if (reader.Is("spec"u8)) deadline = Deadline(ref reader);
            else if (reader.Is("status"u8)) job = Status(ref reader, shared);
            else reader.Skip();
        }

        return job with { Metadata = meta ?? new AgentMeta(), ActiveDeadlineSeconds = deadline };
    }

    private static long? Deadline(ref WireReader reader)
    {
        long? deadline = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("activeDeadlineSeconds"u8)) deadline = reader.Integer();
            else reader.Skip();
        }

        return deadline;
    }

    private static AgentJob Status(ref WireReader reader, SharedStrings shared)
    {
        DateTimeOffset? started = null;
        int? active = null, succeeded = null, failed = null;
        AgentJobEnd? end = null;

        if (!reader.EnterObject()) return new AgentJob();
        while (reader.NextProperty())
        {
            if (reader.Is("startTime"u8)) started = reader.Time();
            else if (reader.Is("active"u8)) active = reader.SmallInteger();
            else if (reader.Is("succeeded"u8)) succeeded = reader.SmallInteger();
            else if (reader.Is("failed"u8)) failed = reader.SmallInteger();
            else if (reader.Is("conditions"u8)) end = End(ref reader, shared);
            else reader.Skip();
        }

        return new AgentJob { StartTime = started, Active = active ?? 0, Succeeded = succeeded ?? 0, Failed = failed ?? 0, End = end };
    }

    // The first condition of the two that is true.
    private static AgentJobEnd? End(ref WireReader reader, SharedStrings shared)
    {
        AgentJobEnd? end = null;
        if (!reader.EnterArray()) return null;
        while (reader.NextObject())
        {
            string? type = null, status = null, reason = null;
            DateTimeOffset? since = null;
            while (reader.NextProperty())
            {
                if (reader.Is("type"u8)) type = reader.Text(shared);
                else if (reader.Is("status"u8)) status = reader.Text(shared);
                else if (reader.Is("reason"u8)) reason = reader.Text(shared);
                else if (reader.Is("lastTransitionTime"u8)) since = reader.Time();
                else reader.Skip();
            }

            if (type is "Complete" or "Failed" && status == "True") end ??= new AgentJobEnd(type, reason, since);
        }

        return end;
    }
}
