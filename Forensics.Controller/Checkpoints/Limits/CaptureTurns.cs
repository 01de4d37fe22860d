using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints.Limits;

/// <summary>Says whose turn it is to start an agent, so that no more than <see cref="CaptureOptions.MaxCapturesPerNode"/> work on a node
/// and <see cref="CaptureOptions.MaxCaptures"/> in all. What is remembered here only spans the moments until the caches show it: a
/// process that takes over finds the places taken by the Jobs that there are, and the line by the PodCheckpoints: those whose
/// status says that they wait, and those that are not in line yet, which it looks at before it gives a turn to a later one.</summary>
/// <param name="wake">Puts a key on the queue: its turn has come.</param>
internal sealed class CaptureTurns(
    IStore<PodCheckpoint> checkpoints, IStore<AgentJob> jobs, IStore<AgentPod> agentPods, CaptureOptions options, Action<ResourceKey> wake)
{
    private enum Standing
    {
        Waits,

        /// <summary>Its turn has come; no cache has shown its Job yet.</summary>
        Starts,

        /// <summary>Its Job was seen.</summary>
        Works,
    }

    private readonly Lock _lock = new();
    private readonly CaptureLine _line = new();
    private readonly CapturePlaces _places = new(options);
    private readonly Dictionary<CaptureTicket, Standing> _standing = [];

    // Nearly always one ticket a key: two while the capture of an earlier bearer of the name is being cancelled.
    private readonly Dictionary<ResourceKey, List<CaptureTicket>> _tickets = [];
    private bool _hasLearned;

    /// <summary>Captures that wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _line.Count;
        }
    }

    /// <summary>Captures whose turn has come and whose agent has not ended.</summary>
    public int Running
    {
        get
        {
            lock (_lock) return _places.Taken;
        }
    }

    /// <summary>Asks for a capture that is planned and has no Job. It takes its place in the line, if it has none.</summary>
    /// <returns>True if it is its turn.</returns>
    public bool Ask(PodCheckpoint checkpoint, string node)
    {
        lock (_lock)
        {
            LearnFromCaches();
            var key = CaptureIdentity.KeyOf(checkpoint);
            _line.Met(key);
            var ticket = TicketOf(key, checkpoint.Metadata.Uid);
            if (ticket is null) Enter(ticket = CaptureTicket.For(checkpoint, node), Standing.Waits);
            GiveTurns(except: ticket);
            return _standing[ticket] != Standing.Waits;
        }
    }

    /// <summary>How many wait ahead of a capture that waits.</summary>
    public int AheadOf(PodCheckpoint checkpoint)
    {
        lock (_lock) return TicketOf(CaptureIdentity.KeyOf(checkpoint), checkpoint.Metadata.Uid) is { } ticket ? _line.AheadOf(ticket) : 0;
    }

    /// <summary>To be called after every reconcile, when the caches may show something new of the key: a place that is not needed any
    /// more goes to whoever is next.</summary>
    public void Review(ResourceKey key)
    {
        lock (_lock)
        {
            LearnFromCaches();
            _line.Met(key);
            var checkpoint = checkpoints.Get(key);
            foreach (var ticket in _tickets.GetValueOrDefault(key)?.ToList() ?? []) Review(ticket, checkpoint);

            // One that nobody gave a turn: the late request of a leader that was paused.
            if (checkpoint is not null && TicketOf(key, checkpoint.Metadata.Uid) is null && JobOf(checkpoint.Metadata.Uid) is { } job && MayStillRun(job))
                Enter(CaptureTicket.For(checkpoint, job.Metadata.Node ?? ""), Standing.Works);
            GiveTurns();
        }
    }

    private void Review(CaptureTicket ticket, PodCheckpoint? checkpoint)
    {
        var job = JobOf(ticket.Uid);
        if (_standing[ticket] == Standing.Starts && job is not null) _standing[ticket] = Standing.Works;
        var isNeeded = _standing[ticket] == Standing.Works ? job is not null && MayStillRun(job) : ToBeCaptured(checkpoint, ticket.Uid);
        if (!isNeeded) Drop(ticket);
    }

    private void LearnFromCaches()
    {
        if (_hasLearned) return;
        _hasLearned = true;
        foreach (var job in jobs.List().Where(MayStillRun))
        {
            if (job.Metadata is { CheckpointUid: { } uid, Checkpoint: { } key })
                Enter(new CaptureTicket(key, uid, job.Metadata.Node ?? "", default), Standing.Works);
        }

        foreach (var checkpoint in checkpoints.Where(c => ToBeCaptured(c, c.Metadata.Uid) && string.IsNullOrEmpty(c.Status?.JobName)))
        {
            var ticket = CaptureTicket.For(checkpoint, checkpoint.Status?.NodeName ?? "");
            if (TicketOf(ticket.Key, ticket.Uid) is not null) continue;
            if (checkpoint.Status?.Conditions.IsTrue(ConditionTypes.Waiting, Reasons.Queued) == true) Enter(ticket, Standing.Waits);
            else _line.Expect(ticket);
        }

        GiveTurns();
    }

    private void GiveTurns(CaptureTicket? except = null)
    {
        while (_places.AnyLeft && _line.Next(_places.LeftOn) is { } next)
        {
            _line.Leave(next);
            _places.Take(next.Node);
            _standing[next] = Standing.Starts;
            if (next != except) wake(next.Key);
        }
    }

    private void Enter(CaptureTicket ticket, Standing standing)
    {
        if (!_tickets.TryGetValue(ticket.Key, out var tickets)) _tickets[ticket.Key] = tickets = [];
        tickets.Add(ticket);
        _standing[ticket] = standing;
        if (standing == Standing.Waits) _line.Join(ticket);
        else _places.Take(ticket.Node);
    }

    private void Drop(CaptureTicket ticket)
    {
        if (_standing[ticket] == Standing.Waits) _line.Leave(ticket);
        else _places.GiveBack(ticket.Node);
        _standing.Remove(ticket);
        _tickets[ticket.Key].Remove(ticket);
        if (_tickets[ticket.Key].Count == 0) _tickets.Remove(ticket.Key);
    }

    private CaptureTicket? TicketOf(ResourceKey key, string uid) => _tickets.GetValueOrDefault(key)?.Find(ticket => ticket.Uid == uid);

    private AgentJob? JobOf(string uid) => jobs.Indexed(uid).FirstOrDefault(job => job.Metadata.Name == CaptureIdentity.NameOf(uid));

    private bool MayStillRun(AgentJob job) =>
        job.Metadata.CheckpointUid is { } uid && AgentWatch.MayStillRun(job, agentPods.Indexed(uid));

    private static bool ToBeCaptured(PodCheckpoint? checkpoint, string uid) =>
        checkpoint?.Metadata.Uid == uid && checkpoint.Metadata.DeletionTimestamp is null && !Observation.IsFinal(checkpoint);
}
