using System.Text;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Local;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Layers that the kernel's own overlayfs made, moves and metadata copies included, against what it shows of them: random
/// changes through several mounts, each above the last, then GNU tar of the topmost. Takes root, and mounts in a namespace of
/// its own, of which nothing stays.</summary>
[Category("Cluster")]
public sealed class KernelUnionTests
{
    private const int Layers = 5;
    private const int ChangesInALayer = 25;
    private static readonly string[] Names = ["a", "b", "c"];

    [Test]
    public async Task The_union_is_what_the_kernel_shows([Range(1, 12)] int seed)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "changes.sh"), Script(new Random(seed)));

        await Command.RunAsync(new CommandLine("/usr/bin/unshare", "--mount", "/bin/sh", "changes.sh") { WorkingDirectory = folder.Path }, CancellationToken.None);

        var layers = Enumerable.Range(0, Layers).Reverse().Select(layer => Path.Combine(folder.Path, $"{layer}")).ToList();
        var archive = EngineArchive.Of(new LayeredRoot(layers[0], layers[1..]));
        archive.Notes.Should().BeEmpty();
        await using var reference = File.OpenRead(Path.Combine(folder.Path, "kernel.tar"));
        var expected = ArchiveLines.Of(reference);
        ArchiveLines.Of(new MemoryStream(archive.Bytes)).Should().Equal(expected);
        expected.Should().HaveCountGreaterThan(5);
    }

    private static string Script(Random random)
    {
        var script = new StringBuilder("exec 2>/dev/null\numask 022\nmkdir merged\n");
        for (var layer = 0; layer < Layers; layer++)
        {
            script.Append($"mkdir {layer} work{layer}\n");
            script.Append(layer == 0 ? "cd 0\n" : $"{Mount(layer)} || exit 1\ncd merged\n");
            for (var i = 0; i < ChangesInALayer; i++) script.Append(Change(random, layer * 100 + i)).Append('\n');
            script.Append("cd ..\n");
            if (layer == Layers - 1) script.Append("tar --create --format=posix --file kernel.tar --directory merged . || exit 1\n");
            if (layer > 0) script.Append("umount merged || exit 1\n");
        }

        return script.ToString();
    }

    private static string Mount(int layer) =>
        $"mount -t overlay overlay -o lowerdir={string.Join(':', Enumerable.Range(0, layer).Reverse())},upperdir={layer},workdir=work{layer},redirect_dir=on,metacopy=on,index=off,xino=off merged";

    private static string Change(Random random, int number) => random.Next(10) switch
    {
        0 or 1 => $"mkdir -p {Some(random)}",
        2 or 3 => $"p={Some(random)}; mkdir -p $(dirname $p); echo {number} > $p",
        4 => $"rm -rf {Some(random)}",
        5 or 6 => $"mv -T {Some(random)} {Some(random)}",
        7 => $"chmod {random.Next(1, 8)}55 {Some(random)}",
        8 => $"p={Some(random)}; rm -rf $p; mkdir -p $p; echo {number} > $p/c",
        _ => random.Next(2) == 0 ? $"ln {Some(random)} {Some(random)}" : $"ln -s {Some(random)} {Some(random)}",
    };

    private static string Some(Random random) => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)]));
}
