using CsCheck;
using Forensics.Agent.Filesystems;

namespace Forensics.Tests.Agent.Filesystems;

[TestFixture]
internal sealed class EscapedTextTests
{
    [TestCase("/etc/passwd", "/etc/passwd")]
    [TestCase("/with space", "/with space")]
    [TestCase("/ünïcödé/日本", "/ünïcödé/日本")]
    [TestCase("/😀", "/😀")]
    [TestCase("/new\nline", @"/new\012line")]
    [TestCase("/\u001b[31mred", @"/\033[31mred")]
    [TestCase("/back\\slash", @"/back\134slash")]
    [TestCase("/\u007f", @"/\177")]
    [TestCase("/\u0085", @"/\302\205")]
    [TestCase("/\u202egpj.exe", @"/\342\200\256gpj.exe")]
    [TestCase("/\u2028", @"/\342\200\250")]
    public void Nothing_reaches_a_terminal_that_could_act_there(string text, string escaped) =>
        EscapedText.Of(text).Should().Be(escaped);

    [Test]
    public void Half_a_surrogate_pair_keeps_its_code() => EscapedText.Of($"/{(char)0xD800}x").Should().Be(@"/\355\240\200x");

    [Test]
    public void Bytes_that_are_no_text_are_told_as_bytes() =>
        EscapedText.Of([(byte)'/', 0xFF, 0xC3, 0x28]).Should().Be(@"/\377\303(");

    [Test]
    public void Every_name_can_be_turned_back_into_its_bytes() =>
        Gen.Byte.Array[0, 40].Sample(name => Unescape(EscapedText.Of(name)).SequenceEqual(name));

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        foreach (var rune in text.Replace("\\", "\0", StringComparison.Ordinal).EnumerateRunes())
            bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(rune.ToString()));

        for (var i = 0; i < bytes.Count; i++)
        {
            if (bytes[i] != 0) continue;
            bytes[i] = (byte)(((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0'));
            bytes.RemoveRange(i + 1, 3);
        }

        return [.. bytes];
    }
}
