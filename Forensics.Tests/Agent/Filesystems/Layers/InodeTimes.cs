using Forensics.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>The times of every inode below some folders, which reading must not change. Times of access are set far back first:
/// the kernel would then set them at the first read.</summary>
internal sealed class InodeTimes
{
    private readonly IReadOnlyList<string> _folders;
    private readonly string _paths;
    private string _before = "";

    private InodeTimes(IReadOnlyList<string> folders, string paths) => (_folders, _paths) = (folders, paths);

    public static async Task<InodeTimes> AgeAsync(IReadOnlyList<string> folders)
    {
        var times = new InodeTimes(folders, await ListAsync(folders));
        await WithPathsAsync("/usr/bin/touch", times._paths, "--no-dereference", "--time=access", "--date=2001-02-03 04:05:06");
        times._before = await times.StatusAsync();
        times._before.Should().Contain("2001-02-03 04:05:06");
        return times;
    }

    public async Task ExpectUnchangedAsync()
    {
        (await StatusAsync()).Split('\n').Except(_before.Split('\n')).Should().BeEmpty();
        (await ListAsync(_folders)).Should().Be(_paths);
    }

    /// <summary>Of each path: inode, access, modification, status change, size.</summary>
    private Task<string> StatusAsync() => WithPathsAsync("/usr/bin/stat", _paths, "--format=%n %i %x %y %z %s");

    private static Task<string> ListAsync(IReadOnlyList<string> folders) =>
        Command.RunAsync(new CommandLine("/usr/bin/find", [.. folders, "-print0"]), CancellationToken.None);

    private static Task<string> WithPathsAsync(string program, string paths, params string[] options) =>
        Command.RunAsync(new CommandLine("/usr/bin/xargs", ["--null", program, .. options, "--"]), CancellationToken.None, paths.TrimEnd('\n'));
}
