using System.IO.Compression;
using System.Text;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Cri;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Runtimes.Cri;

/// <summary>A container's log files as kubelet and runtime leave them, and as an attacker would.</summary>
internal sealed class CriLogsTests
{
    private TemporaryFolder _logs = null!;

    [SetUp]
    public void MakeFolder()
    {
        _logs = new TemporaryFolder();
        Directory.CreateDirectory(At(""));
        Write("1.log", "now");
    }

    [TearDown]
    public void RemoveFolder() => _logs.Dispose();

    [Test]
    public async Task Rotated_files_come_first_by_time_compressed_or_not()
    {
        Write("1.log.20261124-045500", "later");
        Compress("1.log.20261123-101500.gz", "earliest");
        Write("1.log.20261125-000000.tmp", "half");
        Write("0.log", "another instance's");
        Write("11.log", "another's");

        (await ReadAsync()).Should().Be("earliest\nlater\nnow\n");
    }

    [Test]
    public async Task A_file_that_is_being_compressed_is_read_once()
    {
        Write("1.log.20261124-045500", "later");
        Compress("1.log.20261124-045500.gz", "later");

        (await ReadAsync()).Should().Be("later\nnow\n");
    }

    [Test]
    public async Task What_is_no_file_is_named_after_the_rest_is_read()
    {
        File.CreateSymbolicLink(At("1.log.20261123-000000"), "/etc/passwd");
        await Command.RunAsync(new CommandLine("/usr/bin/mkfifo", At("1.log.20261124-000000")), CancellationToken.None);
        var read = new StringBuilder();

        var error = (await FluentActions.Awaiting(() => ReadAsync(read)).Should().ThrowAsync<RuntimeException>()).Which;

        read.ToString().Should().Be("now\n");
        error.IsCut.Should().BeTrue();
        error.Message.Should().Contain("1.log.20261123-000000").And.Contain("1.log.20261124-000000");
    }

    [Test]
    public async Task A_folder_that_is_a_link_is_not_entered()
    {
        Directory.CreateDirectory(Path.Combine(_logs.Path, "elsewhere/main"));
        File.WriteAllText(Path.Combine(_logs.Path, "elsewhere/main/1.log"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(_logs.Path, "pod"), "elsewhere");

        var error = (await FluentActions.Awaiting(() => ReadAsync(new StringBuilder(), "/var/log/pods/pod/main/1.log")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Reason.Should().Be(Reasons.RuntimeFailed);
    }

    [Test]
    public async Task A_log_that_was_cut_while_compressed_is_partial()
    {
        Compress("1.log.20261123-101500.gz", new string('x', 100_000));
        File.WriteAllBytes(At("1.log.20261123-101500.gz"), File.ReadAllBytes(At("1.log.20261123-101500.gz"))[..60]);

        (await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<RuntimeException>()).Which
            .Should().Match<RuntimeException>(e => e.IsCut && e.Reason == Reasons.StreamTruncated);
    }

    [TestCase("")]
    public async Task A_container_without_a_log_file_has_none(string path) =>
        (await FluentActions.Awaiting(() => ReadAsync(new StringBuilder(), path)).Should().ThrowAsync<RuntimeException>())
            .Which.Reason.Should().Be(Reasons.LogsUnavailable);

    [TestCase("/var/log/pods/gone/main/1.log")]
    [TestCase("/var/log/pods/shop_web_uid/main/7.log")]
    [TestCase("/mnt/logs/shop_web_uid/main/1.log")]
    public async Task A_log_that_is_not_there_is_a_failure(string path) =>
        (await FluentActions.Awaiting(() => ReadAsync(new StringBuilder(), path)).Should().ThrowAsync<RuntimeException>())
            .Which.Reason.Should().Be(Reasons.RuntimeFailed);

    private async Task<string> ReadAsync()
    {
        var read = new StringBuilder();
        await ReadAsync(read);
        return read.ToString();
    }

    private async Task ReadAsync(StringBuilder into, string path = "/var/log/pods/shop_web_uid/main/1.log")
    {
        var logs = new CriLogs(new HostLayout([new HostMount("/var/log/pods", _logs.Path)]));
        await foreach (var piece in logs.ReadAsync(path, CancellationToken.None)) into.Append(Encoding.UTF8.GetString(piece.Span));
    }

    private void Write(string name, string line) => File.WriteAllText(At(name), line + "\n");

    private void Compress(string name, string line)
    {
        using var gzip = new GZipStream(File.Create(At(name)), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    private string At(string name) => Path.Combine(_logs.Path, "shop_web_uid/main", name);
}
