using Forensics.Local;

namespace Forensics.Tests.Local;

public sealed class WholeFolderTests
{
    private TemporaryFolder _parent = null!;

    private string Folder => Path.Combine(_parent.Path, "made");

    [SetUp]
    public void SetUp() => _parent = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _parent.Dispose();

    [Test]
    public async Task An_interrupted_making_leaves_nothing_that_looks_whole()
    {
        await FluentActions.Awaiting(() => WholeFolder.MakeAsync(Folder, async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "half"), "");
            throw new LocalClusterException("cut off");
        })).Should().ThrowAsync<LocalClusterException>();
        Directory.Exists(Folder).Should().BeFalse();

        await WholeFolder.MakeAsync(Folder, folder => File.WriteAllTextAsync(Path.Combine(folder, "whole"), ""));

        Directory.GetFiles(Folder).Select(Path.GetFileName).Should().Equal("whole");
    }

    [Test]
    public async Task What_is_there_is_not_made_again()
    {
        Directory.CreateDirectory(Folder);
        var made = false;

        await WholeFolder.MakeAsync(Folder, _ => Task.FromResult(made = true));

        made.Should().BeFalse();
    }
}
