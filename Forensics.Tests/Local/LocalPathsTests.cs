using Forensics.Local;

namespace Forensics.Tests.Local;

public sealed class LocalPathsTests
{
    private TemporaryFolder _folder = null!;
    private LocalPaths _paths = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _paths = new LocalPaths(_folder.Path);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Others_may_not_look_into_the_state()
    {
        _paths.PrepareState();

        File.GetUnixFileMode(_paths.State).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public void What_belongs_to_this_boot_is_kept()
    {
        _paths.PrepareState();
        File.WriteAllText(Path.Combine(_paths.Run, "some.pid"), "");

        _paths.PrepareState();

        File.Exists(Path.Combine(_paths.Run, "some.pid")).Should().BeTrue();
    }

    [Test]
    public void What_belongs_to_an_earlier_boot_goes()
    {
        _paths.PrepareState();
        File.WriteAllText(Path.Combine(_paths.Run, "some.pid"), "");
        File.WriteAllText(Path.Combine(_paths.Run, "boot-id"), "another boot");

        _paths.PrepareState();

        File.Exists(Path.Combine(_paths.Run, "some.pid")).Should().BeFalse();
    }
}
