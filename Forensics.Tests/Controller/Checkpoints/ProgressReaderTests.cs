using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class ProgressReaderTests
{
    private const string Line = """{"time":"2026-01-01T00:00:00Z","container":"app","bytes":5,"artifactsDone":1}""";

    [Test]
    public void The_last_line_of_progress_counts()
    {
        var log = $"{Line}\n{Line.Replace(":5,", ":6,", StringComparison.Ordinal)}\nnot json\n{{\"time\":\"2026";
        ProgressReader.Of(log)!.Bytes.Should().Be(6);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{\"time\":\"2026-01-01T00:00:00Z\",\"artifactsDone\":-1}")]
    [TestCase("{}\n{\"bytes\":1}\nnull\n[]\n{\"time\":\"2026-01-01T00:00:00Z\",\"bytes\":-1}")]
    public void What_is_no_progress_is_passed_over(string? log) => ProgressReader.Of(log).Should().BeNull();

    [Test]
    public void Names_from_the_suspect_node_are_made_safe_to_show() =>
        ProgressReader.Of(Line.Replace("app", @"\u001b[2J", StringComparison.Ordinal))!.Container.Should().Be(@"\u001b[2J");
}
