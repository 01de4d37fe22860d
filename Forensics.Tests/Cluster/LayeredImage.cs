using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Forensics.Local;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster;

/// <summary>An image of busybox with any number of layers over it, each of which has the file /top anew.</summary>
internal static class LayeredImage
{
    public static string NameOf(int layers) => $"layered:{layers}";

    /// <param name="load">Takes the archive into a runtime.</param>
    public static async Task MakeAsync(int layers, Func<string, CommandLine> load)
    {
        using var folder = new TemporaryFolder();
        var archive = Path.Combine(folder.Path, "image.tar");
        Write(archive, layers);
        await Command.RunAsync(load(archive), CancellationToken.None);
    }

    // The form of docker save, which both take.
    private static void Write(string file, int count)
    {
        var layers = Enumerable.Range(0, count).Select(Layer).ToList();
        using var archive = new TarWriter(File.Create(file), TarEntryFormat.Ustar);
        for (var i = 0; i < count; i++) Add(archive, $"{i}/layer.tar", layers[i]);
        Add(archive, "config.json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Cmd = new[] { "/bin/sh" } },
            rootfs = new { type = "layers", diff_ids = layers.Select(layer => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer))) },
            history = layers.Select((_, i) => new { created_by = $"layer {i}" }),
        }));
        Add(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { Config = "config.json", RepoTags = new[] { NameOf(count) }, Layers = layers.Select((_, i) => $"{i}/layer.tar") },
        }));
    }

    private static byte[] Layer(int number)
    {
        using var bytes = new MemoryStream();
        using (var layer = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            if (number > 0) Add(layer, "top", System.Text.Encoding.ASCII.GetBytes($"{number}"));
            else AddBusybox(layer);
        }

        return bytes.ToArray();
    }

    private static void AddBusybox(TarWriter layer)
    {
        foreach (var folder in new[] { "bin/", "etc/", "tmp/" }) layer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder));
        Add(layer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"u8.ToArray());
        Add(layer, "etc/group", "root:x:0:\n"u8.ToArray());
        Add(layer, "bin/busybox", File.ReadAllBytes("/bin/busybox"));
        foreach (var program in new[] { "sh", "sleep", "rm", "touch" })
            layer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{program}") { LinkName = "busybox" });
    }

    private static void Add(TarWriter archive, string name, byte[] content) => archive.WriteEntry(
        new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = (UnixFileMode)0b111_101_101 });
}
