using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints.Limits;

/// <summary>The captures that wait for a place, in the order of <see cref="CaptureTicket.FirstComeFirstServed"/>. Nobody overtakes
/// on a node; whoever waits for a node holds up nobody who waits for another.</summary>
internal sealed class CaptureLine
{
    private static readonly IComparer<CaptureTicket> Order = CaptureTicket.FirstComeFirstServed;

    private readonly SortedSet<CaptureTicket> _waiting = new(Order);
    private readonly SortedSet<CaptureTicket> _expected = new(Order);
    private readonly Dictionary<ResourceKey, CaptureTicket> _expectedByKey = [];

    public int Count => _waiting.Count;

    public void Join(CaptureTicket ticket) => _waiting.Add(ticket);

    public void Leave(CaptureTicket ticket) => _waiting.Remove(ticket);

    /// <summary>Somebody who was not asked yet for which node. Until <see cref="Met"/>, nobody who came later gets a place.</summary>
    public void Expect(CaptureTicket ticket)
    {
        _expected.Add(ticket);
        _expectedByKey[ticket.Key] = ticket;
    }

    /// <summary>The one who was expected has been looked at. Who is not in line after that holds up nobody.</summary>
    public void Met(ResourceKey key)
    {
        if (_expectedByKey.Remove(key, out var ticket)) _expected.Remove(ticket);
    }

    /// <summary>How many come before this one.</summary>
    public int AheadOf(CaptureTicket ticket) => Before(ticket, _waiting).Count() + Before(ticket, _expected).Count();

    /// <summary>The first one whose node has room; null if none has.</summary>
    public CaptureTicket? Next(Func<string, bool> hasRoom) =>
        (_expected.Min is { } expected ? Before(expected, _waiting) : _waiting).FirstOrDefault(ticket => hasRoom(ticket.Node));

    private static IEnumerable<CaptureTicket> Before(CaptureTicket ticket, SortedSet<CaptureTicket> line) =>
        line.TakeWhile(other => Order.Compare(other, ticket) < 0);
}
