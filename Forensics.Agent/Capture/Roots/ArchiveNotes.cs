using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Agent.Capture.Roots;

/// <summary>Keeps what an archive lacks: the first paths for the manifest, and each note as a line of JSON for an artifact of its own.
/// Told on the thread that writes the archive, which waits here while the lines are stored.</summary>
/// <param name="lines">Takes the lines; null for none.</param>
internal sealed class ArchiveNotes(SideArtifact? lines, CancellationToken cancellationToken) : IArchiveObserver
{
    private const int FlushAt = 32 * 1024;
    private readonly NoteLine? _line = lines is null ? null : new(lines.Bytes);
    private int _unflushed;

    public BoundedPaths Changed { get; } = new();
    public BoundedPaths Unreadable { get; } = new();

    /// <summary>Null while the two lists have all that there is to tell.</summary>
    public int? PathsInAll => Changed.IsCut || Unreadable.IsCut ? Changed.Count + Unreadable.Count : null;

    public void Note(ArchiveNote note)
    {
        ListOf(note.Kind)?.Add(note.Path);
        if (lines is null) return;
        _unflushed += _line!.Write(note);
        if (_unflushed < FlushAt) return;
        _unflushed = 0;
        lines.FlushAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Null for what is left out by rule, and for what leaves the entry whole.</summary>
    private BoundedPaths? ListOf(NoteKind kind) => kind switch
    {
        NoteKind.ChangedWhileRead or NoteKind.Shrunk => Changed,
        NoteKind.Unreadable or NoteKind.NotListed or NoteKind.AttributesUnreadable or NoteKind.ContentUnreadable => Unreadable,
        _ => null,
    };
}
