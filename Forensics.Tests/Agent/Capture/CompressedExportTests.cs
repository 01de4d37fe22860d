using System.Text.Json;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A compressed export of a real container, opened with the programs that an examiner has.</summary>
[Category("Cluster")]
public sealed class CompressedExportTests
{
    [TestCase(CompressionKind.Gzip)]
    [TestCase(CompressionKind.Zstd)]
    public async Task It_is_docker_export_once_it_is_decompressed(CompressionKind compression)
    {
        await using var container = await DockerContainer.RunToEndAsync("dd if=/dev/zero of=/zeros bs=1M count=5; dd if=/dev/urandom of=/random bs=1M count=3");
        using var folder = new TemporaryFolder();

        var end = await AgentProcess.CaptureAsync(container.Id, $"file://{folder.Path}/evidence", null, "--compression", compression.ToString());

        end.ExitCode.Should().Be(0, end.ToString());
        var location = new Uri(end.Printed("location")!).LocalPath;
        var stored = Path.Combine(location, EvidenceNames.Export(container.Name, container.Id, compression));
        var archive = Path.Combine(folder.Path, "export.tar");
        await DecompressAsync(compression, stored, archive);
        var reference = Path.Combine(folder.Path, "reference.tar");
        await RealCluster.DockerAsync("export", "--output", reference, container.Id);
        (await TarListing.OfAsync(archive)).Should().Equal(await TarListing.OfAsync(reference));

        var manifest = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(location, EvidenceNames.Manifest)), ApiJson.Readable.Manifest)!;
        manifest.Containers.Single().Artifacts.Single(artifact => artifact.Type == "export").Should().BeEquivalentTo(new
        {
            Name = Path.GetFileName(stored),
            Compression = compression,
            Bytes = new FileInfo(stored).Length,
            UncompressedBytes = new FileInfo(archive).Length,
            UncompressedSha256 = await Sha256OfAsync(archive),
        });
        await Command.RunAsync(new CommandLine("/usr/bin/sha256sum", "--check", "--strict", "SHA256SUMS") { WorkingDirectory = location }, CancellationToken.None);
    }

    private static Task<string> DecompressAsync(CompressionKind compression, string stored, string archive)
    {
        var program = compression == CompressionKind.Gzip ? "/bin/gzip" : new TestPrograms(LocalPaths.FromEnvironment()).Zstd;
        return Command.RunAsync(
            new CommandLine("/bin/sh", "-c", "\"$0\" --decompress --stdout \"$1\" > \"$2\"", program, stored, archive), CancellationToken.None);
    }

    private static async Task<string> Sha256OfAsync(string file) =>
        (await Command.RunAsync(new CommandLine("/usr/bin/sha256sum", file), CancellationToken.None))[..64];
}
