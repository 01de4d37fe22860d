using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

internal sealed record RecordedNote(NoteKind Kind, string Path, int Errno = 0, long Offset = 0, long Length = 0);

internal sealed class RecordedNotes : IArchiveObserver
{
    public List<RecordedNote> All { get; } = [];

    public void Note(ArchiveNote note) =>
        All.Add(new RecordedNote(note.Kind, EscapedText.Of(note.Path), note.Errno, note.Offset, note.Length));
}
