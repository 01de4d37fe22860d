using System.Globalization;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;

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

    /// <summary>For a person: the first thing that could not be read; null if all could.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>Null while the two lists have all that there is to tell.</summary>
    public int? PathsInAll => Changed.IsCut || Unreadable.IsCut ? Changed.Count + Unreadable.Count : null;

    public void Note(ArchiveNote note)
    {
        Keep(note);
        if (lines is null) return;
        _unflushed += _line!.Write(note);
        if (_unflushed < FlushAt) return;
        _unflushed = 0;
        lines.FlushAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    private void Keep(ArchiveNote note)
    {
        switch (note.Kind)
        {
            case NoteKind.ChangedWhileRead or NoteKind.Shrunk:
                Changed.Add(note.Path);
                break;
            case NoteKind.Unreadable or NoteKind.TooLarge or NoteKind.NotListed or NoteKind.AttributesUnreadable
                or NoteKind.ContentUnreadable or NoteKind.TooScattered:
                FirstProblem ??= Describe(note);
                Unreadable.Add(note.Path);
                break;
            default:
                // Left out by rule, or there whole.
                break;
        }
    }

    private static string Describe(ArchiveNote note)
    {
        var what = note.Kind switch
        {
            NoteKind.NotListed => "cannot be listed",
            NoteKind.AttributesUnreadable => "does not show its attributes",
            NoteKind.TooLarge => "is too large, or its path too long",
            NoteKind.TooScattered => string.Create(CultureInfo.InvariantCulture, $"has too many pieces far apart: of {note.Length} bytes from {note.Offset} on none is there"),
            NoteKind.ContentUnreadable when note.Length == 0 => "cannot be compared",
            NoteKind.ContentUnreadable => string.Create(CultureInfo.InvariantCulture, $"cannot be read for {note.Length} bytes from {note.Offset} on"),
            _ => "cannot be read",
        };
        return $"/{EscapedText.Of(ArchivePath.Trim(note.Path))} {what}{(note.Errno == 0 ? "" : $" ({Errno.Describe(note.Errno)})")}";
    }
}
