using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

public sealed class MeasuredTests
{
    [Test]
    public async Task A_line_is_measured_with_all_that_it_starts()
    {
        using var folder = new TemporaryFolder();

        var measurement = await new Measured(TimeProvider.System).RunAsync(
            "head -c 3000000 /dev/zero > file; sync file; (i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done) | cat", null, folder.Path, CancellationToken.None);

        measurement.Wall.Should().BePositive();
        measurement.CpuSeconds.Should().BePositive();
        measurement.DiskWritten.Should().BeGreaterThanOrEqualTo(3_000_000).And.BeLessThan(10_000_000);
    }

    [Test]
    public async Task A_line_that_fails_in_mid_pipe_is_no_measurement()
    {
        using var folder = new TemporaryFolder();
        var run = () => new Measured(TimeProvider.System).RunAsync("sh -c 'echo broken >&2; exit 3' | cat", null, folder.Path, CancellationToken.None);

        await run.Should().ThrowAsync<LocalClusterException>().WithMessage("*broken*");
    }
}
