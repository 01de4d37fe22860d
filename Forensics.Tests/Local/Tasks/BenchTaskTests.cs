using Forensics.Local;

namespace Forensics.Tests.Local.Tasks;

public sealed class BenchTaskTests
{
    private readonly BenchTask _task = new(new DecodeBench(TextWriter.Null));

    [Test]
    public void Its_help_is_that_of_all_benchmarks() => _task.Help.Should().Contain("bench NAME").And.Contain("decode [--json FILE]");

    [Test]
    public async Task A_benchmark_that_there_is_not_is_refused_with_those_that_there_are()
    {
        (await Refusal("encode")).Should().Contain("'encode'").And.Contain("decode");
        (await Refusal()).Should().Contain("decode");
        (await Refusal("decode", "--jsno", "x")).Should().Contain("--jsno");
    }

    private async Task<string> Refusal(params string[] words)
    {
        var run = () => _task.RunAsync(new TaskArguments(words), new Progress(TextWriter.Null, TimeProvider.System), CancellationToken.None);
        return (await run.Should().ThrowAsync<UsageException>()).Which.Message;
    }
}
