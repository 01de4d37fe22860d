using Forensics.Local;

namespace Forensics.Tests.Local.Processes;

public sealed class ProcessIdentityTests
{
    private const string Tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20";

    [TestCase("12 (sleep)")]
    [TestCase("12 (a name) with) brackets (and spaces)")]
    public void The_start_time_is_found_whatever_the_program_is_called(string head) =>
        ProcessIdentity.StartTicksOf(head + Tail).Should().Be(987654);

    [Test]
    public void A_zombie_does_not_live() =>
        ProcessIdentity.StartTicksOf("12 (sleep)" + Tail.Replace(" S ", " Z ", StringComparison.Ordinal)).Should().BeNull();

    [Test]
    public void A_running_process_is_alive() =>
        ProcessIdentity.Of(Environment.ProcessId)!.IsAlive.Should().BeTrue();

    [Test]
    public void A_number_given_out_again_is_another_process()
    {
        var mine = ProcessIdentity.Of(Environment.ProcessId)!;

        (mine with { StartTicks = mine.StartTicks - 1 }).IsAlive.Should().BeFalse();
        (mine with { BootId = "another boot" }).IsAlive.Should().BeFalse();
    }

    [Test]
    public void It_reads_back_what_it_writes()
    {
        var identity = new ProcessIdentity(12, 987654, "aa-bb");

        ProcessIdentity.Parse(identity.ToString()).Should().Be(identity);
    }

    [TestCase("")]
    [TestCase("12")]
    [TestCase("x 1 boot")]
    [TestCase("12 1 boot more")]
    public void A_damaged_pid_file_names_nobody(string text) => ProcessIdentity.Parse(text).Should().BeNull();
}
