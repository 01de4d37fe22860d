using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Finds the agent's own container among those of its pod: a PodTemplate may bring others.</summary>
internal static class AgentContainerReader
{
    /// <summary>The reader stands on the name of the list of statuses, and is left at the list's end.</summary>
    public static AgentContainer? Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentContainer? agent = null;
        if (!EnterArray(ref reader)) return null;
        while (NextObject(ref reader))
        {
            string? name = null, image = null;
            AgentContainer? state = null;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("name"u8)) name = Text(ref reader, shared);
                else if (reader.ValueTextEquals("image"u8)) image = Text(ref reader, shared);
                else if (reader.ValueTextEquals("state"u8)) state = State(ref reader, shared);
                else reader.Skip();
            }

            if (name == AgentContract.ContainerName && agent is null) agent = state is null ? new AgentContainer { Image = image } : state with { Image = image };
        }

        return agent;
    }

    private static AgentContainer State(ref Utf8JsonReader reader, SharedStrings shared)
    {
        AgentTrouble? waiting = null;
        AgentEnd? terminated = null;
        var running = false;
        if (!EnterObject(ref reader)) return new AgentContainer();
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("waiting"u8)) waiting = Waiting(ref reader, shared);
            else if (reader.ValueTextEquals("running"u8)) running = IsObject(ref reader);
            else if (reader.ValueTextEquals("terminated"u8)) terminated = Terminated(ref reader, shared);
            else reader.Skip();
        }

        return new AgentContainer { Waiting = waiting, Running = running, Terminated = terminated };
    }

    private static AgentTrouble? Waiting(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? reason = null, message = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
            else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
            else reader.Skip();
        }

        return new AgentTrouble(reason, message);
    }

    private static AgentEnd? Terminated(ref Utf8JsonReader reader, SharedStrings shared)
    {
        int? exitCode = null;
        string? reason = null, message = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("exitCode"u8)) exitCode = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader, shared);
            else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader, shared);
            else reader.Skip();
        }

        return new AgentEnd(exitCode ?? 0, reason, message);
    }
}
