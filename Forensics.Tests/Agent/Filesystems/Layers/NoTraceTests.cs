using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Reading changes no time of anything that is read.</summary>
[TestFixture]
internal sealed class NoTraceTests
{
    [Test]
    public async Task Neither_an_archive_nor_a_diff_changes_any_time()
    {
        using var layers = new LayerFolder(3)
            .File(0, "dir/file", "upper").File(1, "dir/middle", "middle").File(2, "dir/image", "image").Whiteout(0, "dir/gone").File(2, "dir/gone")
            .File(0, "meta", "\0\0\0").Mark(0, "meta", ("metacopy", "")).File(1, "meta", "all");
        // There is no way to read a link without a trace but the mount that only root may make.
        if (Environment.IsPrivilegedProcess) RawFiles.MakeLink("dir", $"{layers.Top}/link");
        string[] folders = [layers[0], layers[1], layers[2]];
        using var times = await InodeTimes.AgeAsync(folders);

        layers.Archive();
        layers.Archive(new ArchiveOptions { OnlyWritten = true });
        RootDiffTests.Diff(layers.Root).Should().NotBeEmpty();

        await times.ExpectUnchangedAsync();
    }
}
