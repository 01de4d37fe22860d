using System.Globalization;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Local;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>The node's memory after a capture, by util-linux' fincore. On a disk: a file system in memory has nothing but cache.</summary>
[Category("Cluster")]
internal sealed class PageCacheTests
{
    private const int Length = 8 << 20;
    private const int Rounds = 5;

    [TestCase(Length)]
    [TestCase(3000)]
    public async Task What_was_not_cached_before_is_not_cached_after_and_what_was_still_is(int length)
    {
        using var folder = new TemporaryFolder();
        var (cold, warm) = (Path.Combine(folder.Path, "cold"), Path.Combine(folder.Path, "warm"));
        foreach (var file in new[] { cold, warm }) await File.WriteAllBytesAsync(file, new byte[length]);
        // A page that is not on the disk yet cannot be dropped.
        await Command.RunAsync(new CommandLine("/bin/sync", cold, warm), CancellationToken.None);
        var before = await CachedAsync(warm);
        before.Should().BeGreaterThanOrEqualTo(length);

        // A page that somebody else in the kernel happens to hold (its own watchers of memory do) is not dropped: seen once, of one page.
        var (left, round) = (long.MaxValue, 0);
        while (left > 0 && round++ < Rounds)
        {
            await Command.RunAsync(new CommandLine("/bin/dd", $"if={cold}", "iflag=nocache", "count=0"), CancellationToken.None);
            if (await CachedAsync(cold) > 0) continue;
            EngineArchive.Of(LayeredRoot.Plain(folder.Path)).Bytes.Length.Should().BeGreaterThan(2 * length);
            left = await CachedAsync(cold);
        }

        left.Should().Be(0);
        (await CachedAsync(warm)).Should().Be(before);
    }

    private static async Task<long> CachedAsync(string file) => long.Parse(
        (await Command.RunAsync(new CommandLine("/usr/bin/fincore", "--bytes", "--noheadings", "--output", "RES", file), CancellationToken.None)).Trim(),
        CultureInfo.InvariantCulture);
}
