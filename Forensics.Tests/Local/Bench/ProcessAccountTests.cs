using Forensics.Local;

namespace Forensics.Tests.Local.Bench;

public sealed class ProcessAccountTests
{
    [Test]
    public void The_dead_childrens_time_and_what_they_wrote_is_read_from_the_shells_own_account()
    {
        var account = ProcessAccount.OfDeadChildren(
            "7 (ba) sh) S 1 7 7 0 -1 4194304 1 2 3 4 10 20 150 50 20 0 1 0 99 1 1\nrchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 4096\ncancelled_write_bytes: 0\n");

        account.Should().Be(new ProcessAccount(CpuSeconds: 2, Written: 4096));
    }

    [Test]
    public void This_process_has_used_time_and_holds_memory()
    {
        ProcessAccount.Of(Environment.ProcessId).CpuSeconds.Should().BePositive();
        ProcessAccount.PeakRssOf(Environment.ProcessId).Should().BeGreaterThan(1 << 20);
        ProcessAccount.PeakRssOf(int.MaxValue).Should().Be(0);
    }

    [Test]
    public async Task A_line_is_measured_with_all_that_it_starts()
    {
        using var folder = new TemporaryFolder();

        var measurement = await new Measured([], TimeProvider.System).RunAsync(
            "head -c 3000000 /dev/zero > file; sync file; (i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done) | cat", folder.Path, CancellationToken.None);

        measurement.Wall.Should().BePositive();
        measurement.CpuSeconds.Should().BePositive();
        measurement.DiskWritten.Should().BeGreaterThanOrEqualTo(3_000_000).And.BeLessThan(10_000_000);
    }

    [Test]
    public async Task A_line_that_fails_in_mid_pipe_is_no_measurement()
    {
        using var folder = new TemporaryFolder();
        var run = () => new Measured([], TimeProvider.System).RunAsync("sh -c 'echo broken >&2; exit 3' | cat", folder.Path, CancellationToken.None);

        await run.Should().ThrowAsync<LocalClusterException>().WithMessage("*broken*");
    }
}
