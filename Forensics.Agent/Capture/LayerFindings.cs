using System.Globalization;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Keeps what the layer engine notes, for the manifest.</summary>
internal sealed class LayerFindings : IArchiveObserver
{
    private readonly List<string> _changed = [];
    private readonly List<string> _unreadable = [];
    private string? _firstProblem;
    private int _paths;

    public void Note(ArchiveNote note)
    {
        switch (note.Kind)
        {
            case NoteKind.ChangedWhileRead or NoteKind.Shrunk or NoteKind.Vanished:
                Add(_changed, note);
                break;
            case NoteKind.Unreadable or NoteKind.NotListed or NoteKind.AttributesUnreadable or NoteKind.ContentUnreadable or NoteKind.TooLarge or NoteKind.Socket:
                _firstProblem ??= Describe(note);
                Add(_unreadable, note);
                break;
            default:
                // What is mounted over the root is no part of it, and a further name of a file costs bytes, not evidence.
                break;
        }
    }

    /// <param name="entries">Of an archive; null for what is none.</param>
    /// <param name="problem">What keeps the layers from being all there is.</param>
    public ArtifactFindings Sum(long? entries, RootProblem? problem) => new()
    {
        Reason = _firstProblem is not null ? Reasons.EntriesMissing : problem?.Reason,
        Message = _firstProblem is null ? problem?.Message : $"Something could not be read or held; the first: {_firstProblem}.",
        Entries = entries,
        ChangedWhileRead = _changed,
        Unreadable = _unreadable,
        PathsInAll = _paths > _changed.Count + _unreadable.Count ? _paths : null,
    };

    private static string Describe(ArchiveNote note)
    {
        var what = note.Kind switch
        {
            NoteKind.Socket => "is a socket, for which tar has no form",
            NoteKind.TooLarge => "is beyond the limits",
            NoteKind.NotListed => "cannot be listed",
            NoteKind.AttributesUnreadable => "does not show its attributes",
            NoteKind.ContentUnreadable => string.Create(CultureInfo.InvariantCulture, $"cannot be read for {note.Length} bytes from {note.Offset} on"),
            _ => "cannot be read",
        };
        return $"/{EscapedText.Of(note.Path)} {what}{(note.Errno == 0 ? "" : $" ({Errno.Describe(note.Errno)})")}";
    }

    private void Add(List<string> paths, ArchiveNote note)
    {
        _paths++;
        if (paths.Count < ExportCheck.MostPaths) paths.Add("/" + EscapedText.Of(note.Path));
    }
}
