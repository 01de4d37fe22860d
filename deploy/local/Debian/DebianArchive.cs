namespace Forensics.Local;

/// <summary>Takes files out of Debian packages without installing them.</summary>
internal static class DebianArchive
{
    /// <summary>Downloads packages (not what they depend on) and unpacks them into a folder.</summary>
    public static async Task ExtractAsync(
        AptLists lists, IReadOnlyList<string> packages, string folder, CancellationToken cancellation)
    {
        var downloads = Directory.CreateDirectory(Path.Combine(folder, ".downloads"));
        await Command.RunAsync(
            lists.Apt(["download", "-q", .. packages]) with { WorkingDirectory = downloads.FullName }, cancellation);
        foreach (var archive in downloads.EnumerateFiles("*.deb"))
            await Command.RunAsync(new CommandLine("/usr/bin/dpkg-deb", "--extract", archive.FullName, folder), cancellation);
        downloads.Delete(recursive: true);
    }
}
