using System.Text.Json;
using System.Text.RegularExpressions;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>What is stored of a real container, seen from outside: against <c>docker export</c>, against an attacker's names,
/// and against the limit of memory that the deployment sets.</summary>
[Category("Cluster")]
public sealed partial class RealExportTests
{
    private const string Kinds = """
        mkdir -p /a/b; echo text > /a/b/file; chmod 640 /a/b/file; chown 12:34 /a/b/file; touch -d '2001-02-03 04:05:06' /a/b/file
        chmod 4711 /a/b; ln -s ../x /a/link; ln /a/b/file /a/hard; mkfifo /a/fifo; : > /a/empty; truncate -s 1M /a/sparse
        name=$(printf 'x%.0s' $(seq 200)); mkdir -p /a/$name/$name; echo long > /a/$name/$name/$name; ln -s /$name/$name /a/long-link
        echo '日本 Ünïcode' > '/a/日本 Ünïcode'; rm /etc/group; rm -r /home
        """;

    /// <summary>As BusyBox's printf writes them: a newline, an escape sequence, bytes that are not UTF-8, a mark that turns text
    /// around, a backslash, 255 bytes; then names that our own objects have, and links that lead out.</summary>
    private const string Hostile = """
        mkdir /evil; cd /evil
        touch -- "$(printf 'new\nline')" "$(printf 'esc\033[31mred')" "$(printf 'not\377utf8')" "$(printf 'bidi\342\200\256txt')" 'back\slash' -rf
        touch "$(printf 'y%.0s' $(seq 255))"
        echo forged > /SHA256SUMS; echo forged > /manifest.json; echo forged > /capture.json
        ln -s / /evil/root; ln -s /proc/1/root /evil/proc; ln -s ../../../../../../etc/shadow /evil/shadow
        printf 'log\033]0;title\007\n'
        """;

    /// <summary>Of the program that is deployed; on .NET the runtime and its compiler come on top.</summary>
    private static long MostMemory => (TestedProgram.IsNative ? 96L : 160L) << 20;

    [Test]
    public async Task The_export_of_a_stopped_container_has_the_entries_of_docker_export()
    {
        await using var container = await DockerContainer.RunToEndAsync(Kinds);
        using var folder = new TemporaryFolder();

        var location = await CaptureAsync(container, folder);

        var reference = Path.Combine(folder.Path, "reference.tar");
        await RealCluster.DockerAsync("export", "--output", reference, container.Id);
        var ours = await TarListing.OfAsync(Path.Combine(location, EvidenceNames.Export(container.Name, container.Id)));
        ours.Should().Equal(await TarListing.OfAsync(reference)).And.HaveCountGreaterThan(300);
        ours.Should().Contain(entry => entry.StartsWith("a/hard ", StringComparison.Ordinal))
            .And.Contain(entry => entry.Contains("Ünïcode", StringComparison.Ordinal));
    }

    /// <summary>The pod may have 256 MiB, of which the kernel takes a share for sockets and page tables. Here nothing tells the agent how much
    /// memory there is, as on a Docker host.</summary>
    [TestCase(ExportMethod.Runtime, "truncate -s 2G /large", TestName = "A_2_GB_file_is_exported_in_little_memory")] // Docker exports a hole as zeros.
    [TestCase(ExportMethod.Layers, "dd if=/dev/zero of=/large bs=1M count=400", TestName = "A_large_file_is_read_from_its_layer_in_little_memory")]
    public async Task A_large_file_is_captured_in_little_memory(ExportMethod method, string script)
    {
        await using var container = await DockerContainer.RunToEndAsync(script);

        using var agent = AgentProcess.StartCapture(
            container.Name, $"s3://{RealCluster.Bucket}/{PlanFolder.NewPrefix()}", null, "--method", method.ToString());
        long peak = 0;
        await Eventually.IsTrueAsync(() => Seen(ref peak, agent.PeakMemory) && agent.HasEnded, "the capture ends", TimeSpan.FromMinutes(10));
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(0, end.ToString());
        await TestContext.Out.WriteLineAsync($"peak: {peak >> 20} MiB");
        peak.Should().BeInRange(10L << 20, MostMemory);
        await DeleteAsync(end.Printed("location")!);
    }

    [Test]
    public async Task A_hostile_container_is_captured_and_nothing_of_it_reaches_a_terminal_raw()
    {
        await using var container = await DockerContainer.RunAsync(Hostile);

        var end = await AgentProcess.CaptureAsync(container.Name, $"s3://{RealCluster.Bucket}/{PlanFolder.NewPrefix()}");

        end.ExitCode.Should().Be(0, end.ToString());
        end.Output.Concat(end.Error).Should().OnlyContain(line => Printable().IsMatch(line));
        using var evidence = await EvidenceFolder.DownloadAsync(end.Printed("location")!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(end.Printed("manifest-sha256"));
        evidence.Names.Should().HaveCount(10).And.OnlyContain(name => PlainName().IsMatch(name));
        Printable().IsMatch(evidence.Text("manifest.json").Replace("\n", "", StringComparison.Ordinal)).Should().BeTrue();
        evidence.Text("SHA256SUMS").Should().NotContain("forged");

        var diff = evidence.Text(EvidenceNames.Diff(container.Name, container.Id)).Split('\n');
        diff.Should().OnlyContain(line => Printable().IsMatch(line)).And.Contain(
        [
            @"A /evil/new\012line", @"A /evil/esc\033[31mred", @"A /evil/bidi\342\200\256txt", @"A /evil/back\134slash", "A /evil/-rf",
            $"A /evil/{new string('y', 255)}", "A /SHA256SUMS", "A /evil/root",
            // What is no UTF-8 the daemon's JSON has replaced already; the archive has it.
            "A /evil/not\uFFFDutf8",
        ]);

        // GNU tar quotes what is not plain in its own way: it is the name's bytes that must be there.
        var archive = evidence.At(EvidenceNames.Export(container.Name, container.Id));
        var names = await Command.RunAsync(
            new CommandLine("/bin/tar", "--list", "--file", archive, "--quoting-style=escape") { Environment = new Dictionary<string, string> { ["LC_ALL"] = "C" } },
            CancellationToken.None);
        names.Split('\n').Should().Contain([@"evil/new\nline", @"evil/esc\033[31mred", @"evil/not\377utf8", "evil/shadow", "SHA256SUMS", "manifest.json"]);
    }

    [Test]
    public async Task A_socket_that_no_archive_can_hold_is_named()
    {
        await using var container = await DockerContainer.RunAsync("echo evidence > /evidence");
        using var socket = await container.ListenAsync("/tmp/socket");
        using var folder = new TemporaryFolder();

        var end = await AgentProcess.CaptureAsync(container.Id, $"file://{folder.Path}");

        end.ExitCode.Should().Be(1);
        end.LastError.Should().Match("*Incomplete: 1 of 8 artifacts are not whole, *EntriesMissing: *sockets*");
        var manifest = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(new Uri(end.Printed("location")!).LocalPath, EvidenceNames.Manifest)), ApiJson.Readable.Manifest)!;
        manifest.Containers.Single().Artifacts.Single(artifact => artifact.State != CaptureState.Captured).Should().BeEquivalentTo(
            new { Type = "export", State = CaptureState.Partial, Reason = Reasons.EntriesMissing, Unreadable = new[] { "/tmp/socket" } });
    }

    private static async Task<string> CaptureAsync(DockerContainer container, TemporaryFolder folder)
    {
        var end = await AgentProcess.CaptureAsync(container.Id, $"file://{folder.Path}/evidence");
        end.ExitCode.Should().Be(0, end.ToString());
        return new Uri(end.Printed("location")!).LocalPath;
    }

    private static bool Seen(ref long peak, long now)
    {
        peak = Math.Max(peak, now);
        return true;
    }

    /// <summary>The store of the one-machine cluster is small.</summary>
    private static async Task DeleteAsync(string location)
    {
        using var s3 = RealCluster.S3();
        var prefix = location[$"s3://{RealCluster.Bucket}/".Length..];
        foreach (var key in await EvidenceFolder.KeysAsync(prefix)) await s3.DeleteObjectAsync(RealCluster.Bucket, key);
    }

    // Printable ASCII, and the mark for what is no text: no control character, nothing that changes how text is shown.
    [GeneratedRegex(@"^[\x20-\x7E\uFFFD]*\z")]
    private static partial Regex Printable();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainName();
}
