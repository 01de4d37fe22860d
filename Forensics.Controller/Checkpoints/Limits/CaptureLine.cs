namespace Forensics.Controller.Checkpoints.Limits;

/// <summary>The captures that wait for a place, in the order of <see cref="CaptureTicket.FirstComeFirstServed"/>. Nobody overtakes
/// on a node; whoever waits for a node holds up nobody who waits for another.</summary>
internal sealed class CaptureLine
{
    private readonly SortedSet<CaptureTicket> _waiting = new(CaptureTicket.FirstComeFirstServed);

    public int Count => _waiting.Count;

    public void Join(CaptureTicket ticket) => _waiting.Add(ticket);

    public void Leave(CaptureTicket ticket) => _waiting.Remove(ticket);

    /// <summary>How many wait ahead of this one.</summary>
    public int AheadOf(CaptureTicket ticket) => _waiting.TakeWhile(other => other != ticket).Count();

    /// <summary>The first one whose node has room; null if none has.</summary>
    public CaptureTicket? Next(Func<string, bool> hasRoom) => _waiting.FirstOrDefault(ticket => hasRoom(ticket.Node));
}
