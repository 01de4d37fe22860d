using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

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
}
