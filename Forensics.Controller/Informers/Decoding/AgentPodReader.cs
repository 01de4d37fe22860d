using Forensics.Controller.Checkpoints;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads an agent's pod. The reader stands on its opening brace, and is left on its closing one.</summary>
internal static class AgentPodReader
{
    public static AgentPod Read(ref WireReader reader, SharedStrings shared)
    {
        AgentMeta? meta = null;
        var pod = new AgentPod(); // With what the status says.

        while (reader.NextProperty())
        {
            if (reader.Is("metadata"u8)) meta = AgentMetaReader.Read(ref reader, shared);
            else if (reader.Is("status"u8)) pod = Status(ref reader, shared);
            else reader.Skip();
        }

        return meta is null ? pod : pod with { Metadata = meta };
    }

    private static AgentPod Status(ref WireReader reader, SharedStrings shared)
    {
        string? phase = null, reason = null, message = null;
        AgentTrouble? unscheduled = null;
        AgentContainer? container = null;

        if (!reader.EnterObject()) return new AgentPod();
        while (reader.NextProperty())
        {
            if (reader.Is("phase"u8)) phase = reader.Text(shared);
            else if (reader.Is("reason"u8)) reason = reader.Text(shared);
            else if (reader.Is("message"u8)) message = reader.Text(shared);
            else if (reader.Is("conditions"u8)) unscheduled = Unscheduled(ref reader, shared);
            else if (reader.Is("containerStatuses"u8)) container = AgentContainerReader.Read(ref reader, shared);
            else reader.Skip();
        }

        return new AgentPod { Phase = phase, Reason = reason, Message = message, Unscheduled = unscheduled, Container = container };
    }

    private static AgentTrouble? Unscheduled(ref WireReader reader, SharedStrings shared)
    {
        AgentTrouble? trouble = null;
        if (!reader.EnterArray()) return null;
        while (reader.NextObject())
        {
            string? type = null, status = null, reason = null, message = null;
            while (reader.NextProperty())
            {
                if (reader.Is("type"u8)) type = reader.Text(shared);
                else if (reader.Is("status"u8)) status = reader.Text(shared);
                else if (reader.Is("reason"u8)) reason = reader.Text(shared);
                else if (reader.Is("message"u8)) message = reader.Text(shared);
                else reader.Skip();
                if (type is null or "PodScheduled" && (status is null or "False")) continue;
                reader.Leave(); // Another one, whatever else it says.
                break;
            }

            if (type == "PodScheduled" && status == "False") trouble ??= new AgentTrouble(reason, message);
        }

        return trouble;
    }
}
