using System.Text.Json;
using Forensics.Controller.Checkpoints;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads an agent's pod. The reader stands on its opening brace, and is left on its closing one.</summary>
internal static class AgentPodReader
{
    public static AgentPod Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentMeta? meta = null;
        var pod = new AgentPod(); // With what the status says.

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8)) meta = AgentMetaReader.Read(ref reader, shared);
            else if (reader.ValueTextEquals("status"u8)) pod = Status(ref reader, shared);
            else reader.Skip();
        }

        return meta is null ? pod : pod with { Metadata = meta };
    }

    private static AgentPod Status(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? phase = null, reason = null, message = null;
        AgentTrouble? unscheduled = null;
        AgentContainer? container = null;

        if (!EnterObject(ref reader)) return new AgentPod();
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("phase"u8)) phase = Text(ref reader, shared);
            else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
            else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
            else if (reader.ValueTextEquals("conditions"u8)) unscheduled = Unscheduled(ref reader, shared);
            else if (reader.ValueTextEquals("containerStatuses"u8)) container = AgentContainerReader.Read(ref reader, shared);
            else reader.Skip();
        }

        return new AgentPod { Phase = phase, Reason = reason, Message = message, Unscheduled = unscheduled, Container = container };
    }

    private static AgentTrouble? Unscheduled(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentTrouble? trouble = null;
        if (!EnterArray(ref reader)) return null;
        while (NextObject(ref reader))
        {
            string? type = null, status = null, reason = null, message = null;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8)) type = Text(ref reader, shared);
                else if (reader.ValueTextEquals("status"u8)) status = Text(ref reader, shared);
                else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
                else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
                else reader.Skip();
            }

            if (type == "PodScheduled" && status == "False") trouble ??= new AgentTrouble(reason, message);
        }

        return trouble;
    }
}
