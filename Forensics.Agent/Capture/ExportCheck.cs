using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Judges an export in the pass in which it is stored: is the archive whole, what changed while it was read, and is all in
/// it that the diff says is there?</summary>
internal sealed class ExportCheck
{
    /// <summary>Of each list; what is beyond is only counted.</summary>
    public const int MostPaths = 1000;

    private readonly PathSet? _missing;
    private readonly long _startedSecond;
    private readonly TarWalker _walker;
    private readonly List<string> _changed = [];
    private readonly List<string> _unreadable = [];
    private int _paths;

    /// <param name="expected">Paths that the archive must have; taken over. Null if that is not known.</param>
    public ExportCheck(PathSet? expected, DateTimeOffset startedAt)
    {
        _missing = expected;
        // Docker's archives have whole seconds, so a change within the first second counts as one too.
        _startedSecond = startedAt.ToUnixTimeSeconds() * TarHeader.NanosecondsPerSecond;
        _walker = new TarWalker(See);
    }

    public void Write(ReadOnlySpan<byte> bytes) => _walker.Write(bytes);

    /// <param name="diffAgain">What the container has changed by now: a path that is gone by then is not missing.</param>
    public async Task<ArtifactFindings> FinishAsync(Func<IAsyncEnumerable<FileChange>> diffAgain)
    {
        var verdict = _walker.Finish();
        var problem = verdict.Problem is null && _missing is { Count: > 0 }
            ? await NameMissingAsync(_missing, diffAgain)
            : null;
        var reason = verdict switch
        {
            { Problem: null } => problem is null ? null : Reasons.EntriesMissing,
            { IsCut: true } => Reasons.StreamTruncated,
            _ => Reasons.RuntimeFailed,
        };
        return new ArtifactFindings
        {
            Reason = reason,
            Message = verdict.Problem ?? problem,
            Entries = verdict.Entries,
            ChangedWhileRead = _changed,
            Unreadable = _unreadable,
            PathsInAll = _paths > _changed.Count + _unreadable.Count ? _paths : null,
        };
    }

    private void See(TarEntry entry)
    {
        _missing?.Remove(entry.Name);
        if (entry.Modified >= _startedSecond) Note(_changed, "/" + EscapedText.Of(entry.Name));
    }

    private async Task<string?> NameMissingAsync(PathSet missing, Func<IAsyncEnumerable<FileChange>> diffAgain)
    {
        try
        {
            await foreach (var change in diffAgain())
            {
                if (change.Kind != ChangeKind.Deleted && missing.Contains(change.Path))
                    Note(_unreadable, EscapedText.Of(change.Path));
            }
        }
        catch (RuntimeException e)
        {
            return $"Up to {missing.Count} paths of the diff are not in the archive, and the runtime did not say which are still there: {e.Message}";
        }

        return _unreadable.Count == 0
            ? null
            : "The runtime left out paths that the diff names: it could not read them, or they are sockets, which no archive can hold.";
    }

    private void Note(List<string> paths, string path)
    {
        _paths++;
        if (paths.Count < MostPaths) paths.Add(path);
    }
}
