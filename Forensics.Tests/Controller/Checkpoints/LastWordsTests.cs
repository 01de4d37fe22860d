using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

internal sealed class LastWordsTests
{
    private const string Progress = """{"time":"2026-03-01T10:30:15Z","artifact":"a.tar","bytes":1,"artifactsDone":0}""";

    [TestCase(null)]
    [TestCase(" \n")]
    [TestCase(Progress + "\n" + Progress)]
    public void Lines_for_programs_are_no_words(string? logTail) => LastWords.Of(logTail).Should().BeNull();

    [Test]
    public void The_last_lines_stand_in_their_order_without_those_of_progress() =>
        LastWords.Of($"one\n{Progress}\ntwo\n{Progress}\n").Should().Be("one | two");

    [Test]
    public void Only_whole_lines_are_taken_as_many_as_fit()
    {
        var line = new string('x', 150);
        LastWords.Of($"{line}1\n{line}2\n{line}3").Should().Be($"{line}2 | {line}3");
    }

    [Test]
    public void Of_one_that_is_too_long_its_end_is_taken() =>
        LastWords.Of(new string('x', 2000) + "end").Should().HaveLength(400).And.EndWith("xend");

    [Test]
    public void A_line_that_Kubernetes_cut_is_left_out() =>
        LastWords.Of("tifact\":\"b.tar\"}\n" + string.Concat(Enumerable.Repeat(Progress + "\n", 30))).Should().BeNull();
}
