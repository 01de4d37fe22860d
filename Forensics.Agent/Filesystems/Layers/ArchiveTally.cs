namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Counts what becomes of each entry and passes on what an examiner must know.</summary>
internal sealed class ArchiveTally(IArchiveObserver observer)
{
    private long _captured;
    private long _partial;
    private long _failed;
    private long _skipped;
    private long _vanished;

    public void Wrote(bool whole)
    {
        if (whole) _captured++;
        else _partial++;
    }

    public void Skip(ReadOnlySpan<byte> path, NoteKind rule)
    {
        _skipped++;
        observer.Note(new ArchiveNote(rule, path));
    }

    /// <summary>It is beyond <see cref="ArchiveOptions"/>' limits.</summary>
    public void LeaveOut(ReadOnlySpan<byte> path)
    {
        _failed++;
        observer.Note(new ArchiveNote(NoteKind.TooLarge, path));
    }

    public void Fail(ReadOnlySpan<byte> path, int errno)
    {
        _failed++;
        observer.Note(new ArchiveNote(NoteKind.Unreadable, path) { Errno = errno });
    }

    public void Vanish(ReadOnlySpan<byte> path)
    {
        _vanished++;
        observer.Note(new ArchiveNote(NoteKind.Vanished, path));
    }

    public void Note(ArchiveNote note) => observer.Note(note);

    /// <summary>A directory whose entry was written cannot be listed to its end.</summary>
    /// <param name="wasWhole">Whether the entry was taken for whole.</param>
    public void BreakOff(ReadOnlySpan<byte> path, int errno, bool wasWhole)
    {
        if (wasWhole)
        {
            _captured--;
            _partial++;
        }

        observer.Note(new ArchiveNote(NoteKind.NotListed, path) { Errno = errno });
    }

    public ArchiveSummary Sum(long bytes) => new(_captured, _partial, _failed, _skipped, _vanished, bytes);
}
