using Forensics.Local;

namespace Forensics.Tests.Local.Processes;

public sealed class DaemonTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public async Task TearDown()
    {
        await Sleeper().KillAsync(CancellationToken.None);
        _folder.Dispose();
    }

    [Test]
    public async Task It_is_started_once_and_found_again_by_another_run()
    {
        (await Sleeper().StartAsync(CancellationToken.None)).Should().BeTrue();
        var first = Sleeper().ProcessId;

        (await Sleeper().StartAsync(CancellationToken.None)).Should().BeFalse();

        Sleeper().ProcessId.Should().NotBeNull().And.Be(first);
    }

    [Test]
    public async Task One_that_was_killed_is_started_again()
    {
        await Sleeper().StartAsync(CancellationToken.None);
        await Sleeper().KillAsync(CancellationToken.None);
        Sleeper().IsRunning.Should().BeFalse();

        (await Sleeper().StartAsync(CancellationToken.None)).Should().BeTrue();
    }

    [Test]
    public async Task One_that_is_paused_can_be_stopped()
    {
        var daemon = Sleeper();
        await daemon.StartAsync(CancellationToken.None);
        await daemon.PauseAsync();

        await daemon.StopAsync(CancellationToken.None);

        daemon.IsRunning.Should().BeFalse();
    }

    [Test]
    public async Task Stopping_spares_a_stranger_that_got_its_number()
    {
        var daemon = Sleeper();
        await daemon.StartAsync(CancellationToken.None);
        var pidFile = Directory.GetFiles(new LocalPaths(_folder.Path).Pids).Single();
        var identity = ProcessIdentity.Parse(await File.ReadAllTextAsync(pidFile))!;
        await File.WriteAllTextAsync(pidFile, (identity with { StartTicks = identity.StartTicks - 1 }).ToString());

        await daemon.StopAsync(CancellationToken.None);

        identity.IsAlive.Should().BeTrue();
        await Signals.SendAsync("KILL", identity.Id);
    }

    [Test]
    public async Task One_that_ends_at_once_is_reported_with_the_end_of_its_log()
    {
        var start = () => DaemonOf("echo no such flag >&2; exit 1", serves: false).StartAsync(CancellationToken.None);

        (await start.Should().ThrowAsync<LocalClusterException>()).WithMessage("*ended right after its start*no such flag*");
    }

    private Daemon Sleeper() => DaemonOf("exec sleep 600", serves: true);

    private Daemon DaemonOf(string script, bool serves) => new(
        "sleeper",
        new LocalPaths(_folder.Path),
        TimeProvider.System,
        () => new CommandLine("/bin/sh", "-c", script),
        _ => Task.FromResult(serves));
}
