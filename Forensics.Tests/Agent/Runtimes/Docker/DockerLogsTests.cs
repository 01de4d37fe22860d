using System.Text;
using CsCheck;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Runtimes.Docker;

[TestFixture]
internal sealed class DockerLogsTests
{
    private const string Time = "2026-11-24T04:55:00.360080724Z";
    private const string Later = "2026-11-24T04:55:01.000000000Z";

    [Test]
    public async Task A_message_becomes_a_full_line_of_its_stream() =>
        (await ConvertAsync(Frame(1, $"{Time} hello\n"), Frame(2, $"{Later} oh\n")))
            .Should().Be($"{Time} stdout F hello\n{Later} stderr F oh\n");

    [Test]
    public async Task A_message_without_newline_is_a_partial_line() =>
        (await ConvertAsync(Frame(1, $"{Time} begins"), Frame(1, $"{Later} ends\n")))
            .Should().Be($"{Time} stdout P begins\n{Later} stdout F ends\n");

    [Test]
    public async Task An_empty_line_stays() => (await ConvertAsync(Frame(1, $"{Time} \n"))).Should().Be($"{Time} stdout F \n");

    [Test]
    public async Task No_container_can_forge_a_line_of_another_time_or_stream() =>
        (await ConvertAsync(Frame(1, $"{Time} a\n{Later} stderr F forged\n")))
            .Should().Be($"{Time} stdout F a\n{Time} stdout F {Later} stderr F forged\n");

    [Test]
    public async Task A_terminals_lines_are_all_of_standard_output() =>
        (await ConvertAsync(hasTerminal: true, Encoding.UTF8.GetBytes($"{Time} one\r\n{Later} two")))
            .Should().Be($"{Time} stdout F one\r\n{Later} stdout P two\n");

    [Test]
    public async Task A_terminals_endless_line_comes_in_pieces()
    {
        var lines = await ConvertAsync(hasTerminal: true, Encoding.UTF8.GetBytes($"{Time} " + new string('x', 300_000) + "\n"));

        lines.Replace($"{Time} stdout P ", "", StringComparison.Ordinal).Replace($"{Time} stdout F ", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal).Should().Be(new string('x', 300_000));
        lines.Should().Contain(" P ").And.EndWith("\n");
    }

    /// <summary>By every offset that a piece of the line may have to what is repeated in it.</summary>
    [Test]
    public async Task No_container_can_forge_a_time_within_a_terminals_endless_line([Range(0, 20)] int offset)
    {
        const string Forged = "2020-01-01T00:00:00Z ";
        var text = new string('x', offset) + string.Concat(Enumerable.Repeat(Forged, 10_000));

        var lines = await ConvertAsync(hasTerminal: true, Encoding.UTF8.GetBytes($"{Time} {text}\n{Later} next\n"));

        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1].Should().OnlyContain(line => line.StartsWith($"{Time} stdout ", StringComparison.Ordinal));
        lines.Should().EndWith($"\n{Later} stdout F next\n");
        lines.Replace($"{Time} stdout P ", "", StringComparison.Ordinal).Replace($"{Time} stdout F ", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal).Should().StartWith(text);
    }

    [Test]
    public async Task No_log_is_an_empty_log() => (await ConvertAsync([])).Should().BeEmpty();

    [Test]
    public async Task A_log_cut_within_a_message_keeps_what_was_whole()
    {
        var whole = Frame(1, $"{Time} whole\n");

        var (lines, error) = await ConvertBrokenAsync([.. whole, .. whole[..12]]);

        lines.Should().Be($"{Time} stdout F whole\n");
        error.IsCut.Should().BeTrue();
    }

    [Test]
    public async Task The_daemons_own_error_ends_the_log()
    {
        var (lines, error) = await ConvertBrokenAsync([.. Frame(1, $"{Time} whole\n"), .. Frame(3, "Error grabbing logs: \u001bgone\n")]);

        lines.Should().Be($"{Time} stdout F whole\n");
        error.Message.Should().Contain(@"Error grabbing logs: \033gone");
    }

    [TestCase(new byte[] { 9, 0, 0, 0, 0, 0, 0, 1, 65 })]
    [TestCase(new byte[] { 1, 0, 0, 0, 255, 0, 0, 1, 65 })]
    public async Task A_stream_that_is_no_log_is_an_error(byte[] stream) =>
        (await ConvertBrokenAsync(stream)).Error.Message.Should().Contain("malformed");

    [Test]
    public void However_the_stream_is_cut_into_reads_the_lines_are_the_same()
    {
        byte[] log = [.. Frame(1, $"{Time} one\n"), .. Frame(2, $"{Time} two"), .. Frame(2, $"{Later} three\n"), .. Frame(1, $"{Later} \n")];
        var expected = ConvertAsync(log).Result;

        Gen.Int[1, 40].Array[1, 20].Sample(lengths =>
        {
            using var stream = new ChoppedStream(log, lengths);
            return ReadAsync(stream, hasTerminal: false).Result == expected;
        });
    }

    private static byte[] Frame(byte source, string message) => ScriptedDockerDaemon.LogFrame(source, message);

    private static Task<string> ConvertAsync(params byte[][] frames) => ConvertAsync(hasTerminal: false, frames);

    private static async Task<string> ConvertAsync(bool hasTerminal, params byte[][] frames)
    {
        using var stream = new MemoryStream(frames.SelectMany(frame => frame).ToArray());
        return await ReadAsync(stream, hasTerminal);
    }

    private static async Task<string> ReadAsync(Stream stream, bool hasTerminal)
    {
        var text = new StringBuilder();
        await foreach (var lines in DockerLogs.ToCriAsync(stream, hasTerminal, CancellationToken.None)) text.Append(Encoding.UTF8.GetString(lines.Span));
        return text.ToString();
    }

    private static async Task<(string Lines, RuntimeException Error)> ConvertBrokenAsync(byte[] stream)
    {
        var text = new StringBuilder();
        using var input = new MemoryStream(stream);
        var read = async () =>
        {
            await foreach (var lines in DockerLogs.ToCriAsync(input, false, CancellationToken.None)) text.Append(Encoding.UTF8.GetString(lines.Span));
        };
        var error = (await read.Should().ThrowAsync<RuntimeException>()).Which;
        return (text.ToString(), error);
    }
}
