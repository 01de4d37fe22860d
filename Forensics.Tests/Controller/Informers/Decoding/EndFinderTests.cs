using System.Text;
using System.Text.Json;
using CsCheck;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Tests.Controller.Informers.Decoding;

internal sealed class EndFinderTests
{
    // Brackets, quotes and backslashes in texts; runs of each that are longer than a block; and what makes blocks end anywhere.
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.OneOf("", "{", "]}", "\"", "\\", "\\\"", "\\\\\"", "}\\"),
        Gen.Select(Gen.OneOf("\\", "\"", "}", "[", "x", "ü"), Gen.Int[1, 150], (of, times) => string.Concat(Enumerable.Repeat(of, times))));

    private static readonly Gen<string> AnyValue = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Gen.Const("null")
        : Gen.OneOf(
            Gen.OneOf("1", "true", " ", "[]", "{}").Select(word => word == " " ? "  null  " : word),
            AnyText.Select(text => JsonSerializer.Serialize(text, Relaxed)),
            inner.Array[0, 6].Select(values => $"[{string.Join(",", values)}]"),
            Gen.Select(AnyText, inner).Array[0, 6].Select(all => $"{{{string.Join(",", all.Select(p => $"{JsonSerializer.Serialize(p.Item1, Relaxed)}: {p.Item2}"))}}}")));

    // Otherwise quotes are written as numbers, and no backslash ever stands before one.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Test]
    public void The_end_is_where_a_reader_of_all_that_is_in_it_finds_it_in_whatever_pieces_it_comes() =>
        Gen.Select(AnyValue.Array[0, 8], Gen.Int[1, 200].Array[1, 8]).Sample((values, cuts) =>
        {
            var json = Encoding.UTF8.GetBytes($"[{string.Join(",", values)}]");
            var behind = (byte[])[.. json, .. """,{"}]":[]}]"""u8];

            (1 + Find(behind.AsSpan(1), cuts)).Should().Be(EndByReading(json));
        });

    [Test]
    public void What_has_no_end_has_none()
    {
        Find("""{"a":[1,2],"}":"]}" """u8, [7]).Should().Be(-1);
        Find(Encoding.UTF8.GetBytes("\"" + new string('}', 200)), [200]).Should().Be(-1);
    }

    private static int EndByReading(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        reader.Skip();
        return (int)reader.TokenStartIndex;
    }

    private static int Find(ReadOnlySpan<byte> inside, int[] cuts)
    {
        var finder = new EndFinder();
        for (int at = 0, i = 0; at < inside.Length; i++)
        {
            var piece = inside.Slice(at, Math.Min(cuts[i % cuts.Length], inside.Length - at));
            if (finder.FindIn(piece) is >= 0 and var found) return at + found;
            at += piece.Length;
        }

        return -1;
    }
}
