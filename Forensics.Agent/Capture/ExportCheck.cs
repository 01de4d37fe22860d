using System.Text;
using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Judges an export in the pass in which it is stored: is the archive whole, what changed while it was read, and is all in
/// it that the diff says is there? Each entry goes on to the inventory, with what the diff says of it.</summary>
internal sealed class ExportCheck : ITarVisitor
{
    private readonly ChangedPaths? _changes;
    private readonly Inventory _inventory;
    private readonly long? _startedSecond;
    private readonly TarWalker _walker;
    private readonly BoundedPaths _changed = new();
    private readonly BoundedPaths _unreadable = new();

    /// <param name="startedAt">What was modified since then changed while it was read; null if the reader itself sees that.</param>
    /// <param name="changes">Paths that the archive must have; taken over. Null if that is not known.</param>
    public ExportCheck(ChangedPaths? changes, DateTimeOffset? startedAt, Inventory inventory)
    {
        _changes = changes;
        _inventory = inventory;
        // Docker's archives have whole seconds, so a change within the first second counts as one too.
        _startedSecond = startedAt?.ToUnixTimeSeconds() * TarHeader.NanosecondsPerSecond;
        _walker = new TarWalker(this);
    }

    public void Write(ReadOnlySpan<byte> bytes) => _walker.Write(bytes);

    void ITarVisitor.Begin(TarEntry entry)
    {
        if (entry.Modified >= _startedSecond) _changed.Add(entry.Name);
        _inventory.Begin(entry, _changes?.See(entry.Name));
    }

    void ITarVisitor.Content(ReadOnlySpan<byte> bytes) => _inventory.Content(bytes);

    void ITarVisitor.End() => _inventory.End();

    /// <summary>What the archive alone tells, when it has ended.</summary>
    public ArtifactFindings Finish()
    {
        var verdict = _walker.Finish();
        _inventory.Finish();
        return new ArtifactFindings
        {
            Reason = verdict switch
            {
                { Problem: null } => null,
                { IsCut: true } => Reasons.StreamTruncated,
                _ => Reasons.RuntimeFailed,
            },
            Message = verdict.Problem,
            Entries = verdict.Entries,
            ChangedWhileRead = _changed.Paths,
            PathsInAll = _changed.IsCut ? _changed.Count : null,
        };
    }

    /// <summary>The same, held against the diff.</summary>
    /// <param name="diffAgain">What the container has changed by now: a path that is gone by then is not missing.</param>
    public async Task<ArtifactFindings> FinishAsync(Func<IAsyncEnumerable<FileChange>> diffAgain)
    {
        var findings = Finish();
        if (findings.Reason is not null || _changes is not { Unseen: > 0 }) return findings;
        var problem = await NameMissingAsync(_changes, diffAgain);
        return findings with
        {
            Reason = problem is null ? null : Reasons.EntriesMissing,
            Message = problem,
            Unreadable = _unreadable.Paths,
            PathsInAll = _changed.IsCut || _unreadable.IsCut ? _changed.Count + _unreadable.Count : null,
        };
    }

    private async Task<string?> NameMissingAsync(ChangedPaths changes, Func<IAsyncEnumerable<FileChange>> diffAgain)
    {
        try
        {
            await foreach (var change in diffAgain())
            {
                if (change.Kind != ChangeKind.Deleted && changes.IsUnseen(change.Path))
                    _unreadable.Add(Encoding.UTF8.GetBytes(change.Path));
            }
        }
        catch (RuntimeException e)
        {
            return $"Up to {changes.Unseen} paths of the diff are not in the archive, and the runtime did not say which are still there: {e.Message}";
        }

        return _unreadable.Count == 0
            ? null
            : "The runtime left out paths that the diff names: it could not read them, or they are sockets, which no archive can hold.";
    }
}
