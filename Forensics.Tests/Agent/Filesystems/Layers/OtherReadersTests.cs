using System.Text;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>GNU tar, libarchive's bsdtar and Python's tarfile find in our archives what is in the file system, names byte for byte.</summary>
[Category("Cluster")]
public sealed class OtherReadersTests
{
    private const string Listing = """
        import hashlib, sys, tarfile
        for m in tarfile.open(sys.argv[1], encoding="utf-8", errors="surrogateescape"):
            content = hashlib.sha256(tarfile.open(sys.argv[1]).extractfile(m).read()).hexdigest() if m.isreg() else "-"
            print(m.name.encode("utf-8", "surrogateescape").hex(), m.size, content)
        """;

    private static readonly string[] Names =
    [
        "new\nline", "\u001b[31mred", "not\\\u00FFutf8", "-rf", "--checkpoint=1", "back\\slash", "ünïcödé", "日本", " space ", "\u0001", "\u202e", "tab\t",
        "manifest.json", "SHA256SUMS", "30 path=x\n", "a=b", "#", "*", new string('y', 255), $"\\\u00FE{new string('z', 254)}", "ustar",
    ];

    [Test]
    public async Task Names_sizes_and_contents_are_the_same_for_all_of_them()
    {
        using var layers = new LayerFolder(1);
        Plant(layers);
        var archive = layers.Archive();
        archive.Notes.Should().BeEmpty();
        var file = layers.Outside("archive.tar");
        await File.WriteAllBytesAsync(file, archive.Bytes);
        var programs = new TestPrograms(LocalPaths.FromEnvironment());

        var python = await LinesAsync(programs.Python("-c", Listing, file));
        var bsdtar = await LinesAsync(programs.Bsdtar(
            "--create", "--file", "-", "--format=mtree", "--options=mtree:!all,mtree:type,mtree:size,mtree:sha256", $"@{file}").With("LC_ALL", "C.UTF-8"));
        var gnu = await LinesAsync(new CommandLine("/bin/tar", "--list", "--quoting-style=escape", "--file", file).With("LC_ALL", "C"));

        var ours = archive.Names.Select(RawNames.OfC).Select(Hex).ToList();
        ours.Should().HaveCountGreaterThan(Names.Length + 4000).And.OnlyHaveUniqueItems();
        python.Select(line => Plain(line.Split(' ')[0])).Should().Equal(ours);
        gnu.Select(RawNames.OfC).Select(Hex).Should().Equal(ours);
        var entries = bsdtar.Where(line => !line.StartsWith('#')).ToList();
        entries.Select(line => Hex(RawNames.OfC(line.Split(' ')[0]))).Order(StringComparer.Ordinal).Should().Equal(ours.Order(StringComparer.Ordinal));
        Contents(entries).Should().Equal(Contents(python)).And.HaveCountGreaterThan(Names.Length);
        await ExpectGnuTarToFindNoDifferenceAsync(file, layers);
    }

    [Test]
    public async Task A_size_that_the_old_header_has_no_room_for_is_read_by_all_of_them()
    {
        const long Size = (9L << 30) + 7;
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "archive.tar");
        PaxHeaderTests.WriteArchive(file, Size);
        var programs = new TestPrograms(LocalPaths.FromEnvironment());

        (await LinesAsync(programs.Python("-c", "import sys, tarfile; [print(m.name, m.size) for m in tarfile.open(sys.argv[1])]", file)))
            .Should().Equal($"large {Size}");
        (await LinesAsync(new CommandLine("/bin/tar", "--list", "--verbose", "--file", file))).Should().ContainSingle().Which.Should().Contain($" {Size} ");
        (await LinesAsync(programs.Bsdtar("--list", "--verbose", "--file", file))).Should().ContainSingle().Which.Should().Contain($" {Size} ");
    }

    private static void Plant(LayerFolder layers)
    {
        foreach (var name in Names) RawFiles.Write($"{layers.Top}/{name}", Encoding.UTF8.GetBytes(name));
        RawFiles.MakeLink("/", $"{layers.Top}/root");
        RawFiles.MakeLink($"not\\\u00FFutf8{new string('l', 300)}", $"{layers.Top}/long-link");
        RawFiles.MakeFifo($"{layers.Top}/fifo");
        RawFiles.MakeDevice($"{layers.Top}/device", 1, 3);
        RawFiles.MakeHardLink($"{layers.Top}/{Names[0]}", $"{layers.Top}/hard\nlink");
        RawFiles.SetAttribute($"{layers.Top}/ustar", "user.a=b", 10, 0, 255);
        RawFiles.SetAttribute($"{layers.Top}/ustar", "security.capability", 1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        RawFiles.SetTimes($"{layers.Top}/manifest.json", 1, -1_500_000_000);
        foreach (var name in new[] { "sparse", "sparse\\\u00FF" })
        {
            RawFiles.Write($"{layers.Top}/{name}", "begin"u8);
            using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-ec", "for f in \"$0\"/sparse*; do truncate -s 3M \"$f\"; echo end >> \"$f\"; done", layers.Top]);
            shell.WaitForExit();
        }

        layers.Folder(0, "deep");
        DeepTree.Make($"{layers.Top}/deep", 2000);
    }

    /// <summary>With owners, modes, times, links and contents; it asks the file system itself.</summary>
    private static async Task ExpectGnuTarToFindNoDifferenceAsync(string file, LayerFolder layers)
    {
        // GNU tar cannot name in one call what lies deeper than a path may say.
        var compared = await Command.TryAsync(
            new CommandLine("/bin/tar", "--compare", "--exclude=deep/d/d/*", "--file", file, "--directory", layers.Top), CancellationToken.None);
        compared.Should().BeEquivalentTo(new { ExitCode = 0, Output = "" }, compared.Error);
    }

    private static List<string> Contents(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split(' ')[^1].Split('=')[^1]).Where(hash => hash.Length == 64).Order()];

    private static async Task<List<string>> LinesAsync(CommandLine command) =>
        [.. (await Command.RunAsync(command, CancellationToken.None)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Hex(byte[] name) => Plain(Convert.ToHexStringLower(name));

    /// <summary>Without "./" before and "/" after; libarchive's listings have "/." for the root.</summary>
    private static string Plain(string hex)
    {
        var plain = hex.StartsWith("2e2f", StringComparison.Ordinal) ? hex[4..] : hex;
        plain = plain.EndsWith("2f", StringComparison.Ordinal) ? plain[..^2] : plain;
        return plain is "" or "2f2e" ? "2e" : plain;
    }
}
