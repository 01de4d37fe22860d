using Forensics.Agent.Commands;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Commands;

/// <summary><c>capture --max-bandwidth</c> against a daemon that answers by script, by a clock that stands still unless the cap waits.</summary>
internal sealed class MaxBandwidthTests
{
    private const string Id = "0123456789abcdef";
    private const int ExportMebibytes = 6;

    private readonly TestClock _clock = new();
    private ScriptedDockerDaemon _daemon = null!;

    [SetUp]
    public async Task Start()
    {
        _daemon = await ScriptedDockerDaemon.StartAsync();
        _daemon.OnText("/version", """{"Version":"20.10","ApiVersion":"1.41"}""");
        _daemon.OnText("/info", """{"Driver":"overlay2"}""");
        _daemon.OnText($"/containers/{Id}/json", $$"""{"Id":"{{Id}}","Name":"/web","Image":"sha256:1","Config":{"Image":"web:1"},"HostConfig":{"LogConfig":{"Type":"json-file"} } }""");
        _daemon.OnText($"/containers/{Id}/logs", "");
        _daemon.OnText($"/containers/{Id}/changes", "null");
        _daemon.OnText("/images/sha256:1/history", "[]");
        _daemon.OnBytes($"/containers/{Id}/export", TestArchive.Of(("large", new string('x', ExportMebibytes << 20))));
    }

    [TearDown]
    public async Task Stop() => await _daemon.DisposeAsync();

    [Test]
    public async Task It_makes_a_capture_take_the_time_that_its_bytes_take_at_that_rate()
    {
        var took = await CaptureAsync("--max-bandwidth", "1");

        // What is stored last waits for all before it: a piece of the export at most, and the small objects, need not wait.
        took.Should().BeGreaterThan(TimeSpan.FromSeconds(ExportMebibytes - 1)).And.BeLessThan(TimeSpan.FromSeconds(ExportMebibytes + 1));
    }

    [Test]
    public async Task Without_it_nothing_waits() => (await CaptureAsync()).Should().Be(TimeSpan.Zero);

    /// <summary>By the clock, which only the cap moves.</summary>
    private async Task<TimeSpan> CaptureAsync(params string[] options)
    {
        using var folder = new TemporaryFolder();
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var start = _clock.GetTimestamp();
        var capture = AgentCommandLine.InvokeAsync(
            ["capture", "--runtime-socket", _daemon.Socket, "--container", Id, "--destination", $"file://{folder.Path}", .. options],
            new AgentHost(_ => null, output, error, _clock));
        await Eventually.IsTrueAsync(
            () =>
            {
                if (!_clock.NothingPaused) _clock.Advance(_clock.NextPauseAsync().GetAwaiter().GetResult());
                return capture.IsCompleted;
            },
            "the capture ends",
            TimeSpan.FromMinutes(1));
        (await capture).Should().Be(AgentCommandLine.Complete, error.ToString());
        var archive = Directory.GetFiles(folder.Path, "*-export.tar", SearchOption.AllDirectories).Should().ContainSingle().Which;
        new FileInfo(archive).Length.Should().BeGreaterThan(ExportMebibytes << 20);
        return _clock.GetElapsedTime(start);
    }
}
