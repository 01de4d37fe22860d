using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class PlainTextTests
{
    [TestCase(null, "")]
    [TestCase("plain, with Ümläuts and 漢字 and 🔎", "plain, with Ümläuts and 漢字 and 🔎")]
    [TestCase("a\nb\tc", @"a\nb\tc")]
    [TestCase("\u001b[31mred", @"\u001b[31mred")]
    [TestCase("\u202ecod.exe", @"\u202ecod.exe")]
    [TestCase("zero\u200bwidth\ufeff", @"zero\u200bwidth\ufeff")]
    [TestCase("line\u2028line\u0085", @"line\u2028line\u0085")]
    [TestCase("\U000e0041", @"\U000e0041")]
    [TestCase(@"C:\n", @"C:\\n")]
    [TestCase("\0", @"\u0000")]
    public void Only_what_a_terminal_draws_is_left_as_it_is(string? text, string expected) => PlainText.Of(text).Should().Be(expected);

    [Test]
    public void Half_a_character_is_replaced() => PlainText.Of("lone" + (char)0xd800).Should().Be("lone\ufffd");

    [Test]
    public void What_is_cut_is_marked()
    {
        PlainText.Of("12345", 5).Should().Be("12345");
        PlainText.Of("123456", 5).Should().Be("12345…");
    }
}
