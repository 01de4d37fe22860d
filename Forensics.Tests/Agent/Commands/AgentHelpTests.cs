using Forensics.Agent.Commands;

namespace Forensics.Tests.Agent.Commands;

internal sealed class AgentHelpTests
{
    [TestCase("--help", "run", "capture")]
    [TestCase("capture --help", "--container", "--destination", "--subpath", "--name", "--method", "--compression", "--max-bandwidth", "--runtime", "--runtime-socket", "file:///", "s3://bucket[/prefix]", "FORENSICS_S3_ACL")]
    [TestCase("run --help", "--plan-directory", "--termination-log", "FORENSICS_POD_UID", "FORENSICS_STALL_SECONDS")]
    public async Task Help_says_what_there_is_how_it_ends_and_how_s3_is_set_up(string arguments, params string[] words)
    {
        var (exitCode, output, error) = await RunAsync(arguments);

        exitCode.Should().Be(0);
        error.Should().BeEmpty();
        output.Should().ContainAll(words).And.ContainAll("Exit code: 0", "AWS_REGION", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID");
    }

    [TestCase("", "*Required command was not provided.*Try: forensics-agent --help*")]
    [TestCase("captur", "*'captur'*Try: forensics-agent --help*")]
    [TestCase("capture", "*'--container' is required*'--destination' is required*Try: forensics-agent capture --help*")]
    [TestCase("capture --container a --destination s3://bucket --s3-part-size 4", "*--s3-part-size must be a whole number from 5 to 512; it is '4'.*")]
    [TestCase("capture --container a --destination s3://bucket --max-bandwidth -1", "*--max-bandwidth must be a whole number from 0 to 100000; it is '-1'.*")]
    [TestCase("capture --container a --destination s3://bucket --compression xz", "*'xz'*None*Gzip*Zstd*")]
    [TestCase("capture --container a --destination s3://bucket --s3-concurrency many", "*--s3-concurrency must be a whole number from 1 to 64; it is 'many'.*")]
    public async Task Wrong_usage_says_what_is_wrong_and_where_help_is(string arguments, string message)
    {
        var (exitCode, output, error) = await RunAsync(arguments);

        exitCode.Should().Be(AgentCommandLine.Usage);
        output.Should().BeEmpty();
        error.ReplaceLineEndings(" ").Should().Match(message);
    }

    [TestCase("FORENSICS_S3_CONCURRENCY", "many", "*FORENSICS_S3_CONCURRENCY must be a whole number from 1 to 64; it is 'many'.*")]
    [TestCase("FORENSICS_S3_CONCURRENCY", "0", "*FORENSICS_S3_CONCURRENCY must be a whole number from 1 to 64; it is '0'.*")]
    [TestCase("FORENSICS_S3_FORCE_PATH_STYLE", "perhaps", "*FORENSICS_S3_FORCE_PATH_STYLE is 'perhaps'; it may be true or false.*")]
    public async Task A_wrong_environment_is_wrong_usage_too(string variable, string value, string message)
    {
        var (exitCode, _, error) = await RunAsync(
            "capture --container a --destination s3://bucket", name => name == variable ? value : null);

        exitCode.Should().Be(AgentCommandLine.Usage);
        error.ReplaceLineEndings(" ").Should().Match(message);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string arguments, Func<string, string?>? environment = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await AgentCommandLine.InvokeAsync(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), new AgentHost(environment ?? (_ => null), output, error, TimeProvider.System));
        return (exitCode, output.ToString(), error.ToString());
    }
}
