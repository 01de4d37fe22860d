using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Forensics.Local;

/// <summary>The file systems of the three shapes, as folders of the cache.</summary>
/// <param name="scale">1 for the real sizes; less for a smoke test.</param>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Every machine is to make the same files.")]
internal sealed class ShapeFolders(LocalPaths paths, double scale)
{
    public const string BigFile = "big-file";
    public const string SmallFiles = "small-files";
    public const string Realistic = "realistic";

    private const int FilesInDirectory = 200;
    private const int SmallFileLength = 2400;

    public static IReadOnlyList<string> Names { get; } = [BigFile, SmallFiles, Realistic];

    public async Task<string> EnsureAsync(string shape, CancellationToken cancellation)
    {
        var folder = paths.Cached(string.Create(CultureInfo.InvariantCulture, $"bench-{shape}-{scale:0.###}"));
        await WholeFolder.MakeAsync(folder, async target =>
        {
            // Something must run in it.
            File.Copy(Path.Combine(paths.Cached("image-pause-1"), "pause"), Path.Combine(target, "pause"));
            await (shape switch
            {
                BigFile => MakeBigFileAsync(target, cancellation),
                SmallFiles => Task.Run(() => MakeSmallFiles(target), cancellation),
                _ => CopyRealFilesAsync(target, cancellation),
            });
        });
        return folder;
    }

    /// <summary>2 GB that do not compress.</summary>
    private async Task MakeBigFileAsync(string target, CancellationToken cancellation)
    {
        await using var file = File.Create(Path.Combine(target, "big"));
        var piece = new byte[1 << 20];
        var random = new Random(1);
        for (var left = (long)(2e9 * scale); left > 0; left -= piece.Length)
        {
            random.NextBytes(piece);
            await file.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancellation);
        }
    }

    /// <summary>200,000 files of 2,400 bytes on average, half of each compressible, in a thousand directories.</summary>
    private void MakeSmallFiles(string target)
    {
        var random = new Random(1);
        var content = new byte[2 * SmallFileLength];
        var count = (int)(200_000 * scale);
        for (var i = 0; i < count; i++)
        {
            var directory = Path.Combine(target, "files", $"{i / FilesInDirectory:d4}");
            if (i % FilesInDirectory == 0) Directory.CreateDirectory(directory);
            random.NextBytes(content.AsSpan(0, SmallFileLength));
            File.WriteAllBytes(Path.Combine(directory, $"file-{i:d6}"), content.AsSpan(SmallFileLength / 2, random.Next(2 * SmallFileLength * 3 / 4)));
        }
    }

    /// <summary>2.5 GB of what lies in the images of .NET programs: the SDK, and Debian's libraries and programs.</summary>
    private async Task CopyRealFilesAsync(string target, CancellationToken cancellation)
    {
        // The items come by standard input: they are thousands.
        const string script = """
            set -euo pipefail; left=$1; target=$2
            while read -r item; do
                size=$(du --summarize --bytes -- "$item" | cut --fields=1)
                [ "$size" -le "$left" ] || continue
                echo "$item"
                left=$((left - size))
            done | tar --create --absolute-names --files-from=- | tar --extract --directory="$target" --strip-components=1
            """;
        string[] roots = [Path.Combine(DotnetRuntime.Find().Root, "sdk"), .. Items("/usr/lib"), .. Items("/usr/lib/x86_64-linux-gnu"), .. Items("/usr/share"), .. Items("/usr/bin")];
        await Command.RunAsync(
            new CommandLine("/bin/bash", ["-c", script, "bash", ((long)(2.5e9 * scale)).ToString(CultureInfo.InvariantCulture), target]),
            cancellation,
            string.Join('\n', roots) + "\n");
    }

    private static IEnumerable<string> Items(string folder) =>
        Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Where(item => item != "/usr/lib/x86_64-linux-gnu").Order(StringComparer.Ordinal) : [];
}
