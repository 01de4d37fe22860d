using Forensics.Local;

namespace Forensics.Tests.Local.Processes;

public sealed class CommandTests
{
    [Test]
    public async Task Its_arguments_meet_no_shell() =>
        (await Command.RunAsync(new CommandLine("/bin/echo", "$HOME; `id`"), CancellationToken.None)).Should().Be("$HOME; `id`\n");

    [Test]
    public async Task Input_and_environment_are_handed_over() =>
        (await Command.RunAsync(
            new CommandLine("/bin/sh", "-c", "cat; echo $COLOUR").With("COLOUR", "red"), CancellationToken.None, "in\n"))
        .Should().Be("in\nred\n");

    [Test]
    public async Task A_failure_says_what_the_program_said()
    {
        var run = () => Command.RunAsync(new CommandLine("/bin/sh", "-c", "echo why >&2; exit 3"), CancellationToken.None);

        (await run.Should().ThrowAsync<LocalClusterException>()).WithMessage("*exit code 3*why*");
    }

    [Test]
    public async Task A_program_that_is_not_there_is_named()
    {
        var run = () => Command.RunAsync(new CommandLine("/no/such/program"), CancellationToken.None);

        (await run.Should().ThrowAsync<LocalClusterException>()).WithMessage("*/no/such/program*");
    }

    [Test]
    public async Task Cancelling_ends_the_program()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var run = Command.StreamAsync(
            new CommandLine("/bin/sh", "-c", "echo go; exec sleep 600"), _ => started.TrySetResult(), _ => { }, cancel.Token);
        await started.Task;

        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
    }
}
