using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Capture.Roots;

[TestFixture]
internal sealed class ArchiveNotesTests
{
    [TestCase(NoteKind.TooLarge)]
    [TestCase(NoteKind.TooScattered)]
    [TestCase(NoteKind.Unreadable)]
    [TestCase(NoteKind.NotListed)]
    public void What_is_missing_from_an_archive_is_a_problem_and_named(NoteKind kind)
    {
        var notes = Told(new ArchiveNote(kind, "dir/file"u8) { Length = 5 });

        notes.FirstProblem.Should().StartWith("/dir/file ");
        notes.Unreadable.Paths.Should().Equal("/dir/file");
    }

    [TestCase(NoteKind.Socket)]
    [TestCase(NoteKind.MountPoint)]
    [TestCase(NoteKind.Vanished)]
    [TestCase(NoteKind.LinkNotKept)]
    public void What_is_left_out_by_rule_or_is_there_whole_is_none(NoteKind kind)
    {
        var notes = Told(new ArchiveNote(kind, "dir/file"u8));

        notes.FirstProblem.Should().BeNull();
        notes.Unreadable.Count.Should().Be(0);
    }

    private static ArchiveNotes Told(ArchiveNote note)
    {
        var notes = new ArchiveNotes(null, CancellationToken.None);
        notes.Note(note);
        return notes;
    }
}
