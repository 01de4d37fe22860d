using System.Runtime.InteropServices;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>A process may hold a lease on a file, and whoever opens it must wait until it is given up or the kernel ends it.</summary>
[TestFixture]
internal sealed class LeaseTests
{
    // SIGIO, by which the kernel tells that somebody opens the file. It would end a process that does not listen.
    private const PosixSignal Asked = (PosixSignal)29;

    [Test]
    public void A_file_on_which_a_process_holds_a_lease_is_waited_for()
    {
        using var layers = new LayerFolder(1).File(0, "leased", "content");
        using var file = File.OpenHandle($"{layers.Top}/leased", FileMode.Open, FileAccess.ReadWrite);
        var wasAsked = false;
        using var listening = PosixSignalRegistration.Create(Asked, signal =>
        {
            signal.Cancel = wasAsked = true;
            RawFiles.GiveUpLease(file);
        });
        RawFiles.TakeLease(file);

        var archive = layers.Archive();

        wasAsked.Should().BeTrue();
        archive.Notes.Should().BeEmpty();
        archive.Content("leased").Should().Be("content");
    }
}
