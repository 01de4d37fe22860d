using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Finds the agent's own container among those of its pod: a PodTemplate may bring others.</summary>
internal static class AgentContainerReader
{
    /// <summary>The reader stands on the name of the list of statuses, and is left at the list's end.</summary>
    public static AgentContainer? Read(ref WireReader reader, SharedStrings shared)
    {
        AgentContainer? agent = null;
        if (!reader.EnterArray()) return null;
        while (reader.NextObject())
        {
            string? name = null, image = null;
            AgentContainer? state = null;
            while (reader.NextProperty())
            {
                if (reader.Is("name"u8)) name = reader.Text(shared);
                else if (reader.Is("image"u8)) image = reader.Text(shared);
                else if (reader.Is("state"u8)) state = State(ref reader, shared);
                else reader.Skip();
            }

            if (name == AgentContract.ContainerName && agent is null) agent = state is null ? new AgentContainer { Image = image } : state with { Image = image };
        }

        return agent;
    }

    private static AgentContainer State(ref WireReader reader, SharedStrings shared)
    {
        AgentTrouble? waiting = null;
        AgentEnd? terminated = null;
        var running = false;
        if (!reader.EnterObject()) return new AgentContainer();
        while (reader.NextProperty())
        {
            if (reader.Is("waiting"u8)) waiting = Waiting(ref reader, shared);
            else if (reader.Is("running"u8)) running = reader.IsObject();
            else if (reader.Is("terminated"u8)) terminated = Terminated(ref reader, shared);
            else reader.Skip();
        }

        return new AgentContainer { Waiting = waiting, Running = running, Terminated = terminated };
    }

    private static AgentTrouble? Waiting(ref WireReader reader, SharedStrings shared)
    {
        string? reason = null, message = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("reason"u8)) reason = reader.Text(shared);
            else if (reader.Is("message"u8)) message = reader.Text(shared);
            else reader.Skip();
        }

        return new AgentTrouble(reason, message);
    }

    private static AgentEnd? Terminated(ref WireReader reader, SharedStrings shared)
    {
        int? exitCode = null;
        string? reason = null, message = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("exitCode"u8)) exitCode = reader.SmallInteger();
            else if (reader.Is("reason"u8)) reason = reader.Text(shared);
            else if (reader.Is("message"u8)) message = reader.Text(shared);
            else reader.Skip();
        }

        return new AgentEnd(exitCode ?? 0, reason, message);
    }
}
