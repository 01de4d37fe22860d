using Forensics.Local;

namespace Forensics.Tests.Local.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskListTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Test]
    public async Task A_task_gets_the_words_after_its_name_and_gives_the_exit_code()
    {
        var code = await RunAsync(arguments => arguments.TakeFlag("--five") ? 5 : 0, "run", "--five");

        code.Should().Be(5);
        _error.ToString().Should().BeEmpty();
    }

    [Test]
    public async Task An_unknown_task_is_refused_with_those_that_there_are()
    {
        (await RunAsync(_ => 0, "rum")).Should().Be(2);

        _error.ToString().Should().Contain("'rum'").And.Contain("run");
        _output.ToString().Should().BeEmpty();
    }

    [Test]
    public async Task Wrong_options_point_to_the_tasks_own_help()
    {
        (await RunAsync(Reject, "run", "--no-such")).Should().Be(2);

        _error.ToString().Should().Contain("--no-such").And.Contain("help run");

        static int Reject(TaskArguments arguments)
        {
            arguments.RejectTheRest();
            return 0;
        }
    }

    [Test]
    public async Task A_failure_is_told_without_a_stack_trace()
    {
        (await RunAsync(_ => throw new LocalClusterException("Free some disk."), "run")).Should().Be(1);

        _error.ToString().Trim().Should().Be("error: Free some disk.");
    }

    [TestCase("help")]
    [TestCase("help", "run")]
    [TestCase]
    public async Task Help_goes_to_the_output(params string[] words)
    {
        (await RunAsync(_ => 1, words)).Should().Be(0);

        _output.ToString().Should().Contain("Usage");
    }

    private Task<int> RunAsync(Func<TaskArguments, int> run, params string[] words) =>
        new TaskList([new ScriptedTask(run)], _output, _error).RunAsync(words, CancellationToken.None);

    private sealed class ScriptedTask(Func<TaskArguments, int> run) : ITask
    {
        public string Name => "run";

        public string Summary => "runs";

        public string Help => "Usage: run";

        public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation) =>
            Task.FromResult(run(arguments));
    }
}
