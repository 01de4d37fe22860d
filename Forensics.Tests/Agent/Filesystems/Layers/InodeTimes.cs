using Forensics.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>The times of every inode below some folders, which reading must not change. What lies deeper than a path can say is left out.
/// Names stay bytes: they go from one program to the next in a file.</summary>
internal sealed class InodeTimes : IDisposable
{
    private const string List = "find \"${@:2}\" -maxdepth 100 -print0";

    private readonly IReadOnlyList<string> _folders;
    private readonly string _paths = Path.GetTempFileName();
    private string _before = "";

    private InodeTimes(IReadOnlyList<string> folders) => _folders = folders;

    /// <summary>Sets all times of access far back: the kernel would then set them at the first read.</summary>
    public static async Task<InodeTimes> AgeAsync(IReadOnlyList<string> folders)
    {
        var times = new InodeTimes(folders);
        await times.RunAsync($"{List} > \"$1\"; xargs --null touch --no-dereference --time=access --date='2001-02-03 04:05:06' -- < \"$1\"");
        await times.RememberAsync();
        return times;
    }

    /// <summary>Takes the times as they are now for what they must be.</summary>
    public async Task RememberAsync()
    {
        _before = await StatusAsync();
        _before.Should().Contain("2001-02-03 04:05:06");
    }

    /// <param name="exceptListings">True where a runtime lists the directories too, to tell how large they are, as containerd does every ten
    /// seconds: that sets a directory's time of access.</param>
    public async Task ExpectUnchangedAsync(bool exceptListings = false)
    {
        // The times first: so does the find below.
        Lines(await StatusAsync()).Except(Lines(_before)).Should().BeEmpty();
        await RunAsync($"{List} | cmp - \"$1\"");

        IEnumerable<string> Lines(string status) => status.Split('\0').Select(line =>
            exceptListings && line.StartsWith("directory", StringComparison.Ordinal) ? line.Split('|', 3)[2] : line);
    }

    public void Dispose() => File.Delete(_paths);

    /// <summary>Of each path: type, access, modification, status change, size, inode.</summary>
    private Task<string> StatusAsync() => RunAsync("xargs --null stat --printf='%F|%x|%y %z %s %i %n\\0' -- < \"$1\"");

    private Task<string> RunAsync(string script) => Command.RunAsync(
        new CommandLine("/bin/bash", ["-euo", "pipefail", "-c", script, "bash", _paths, .. _folders]), CancellationToken.None);
}
