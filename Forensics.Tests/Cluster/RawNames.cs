using System.Text;

namespace Forensics.Tests.Cluster;

/// <summary>Escaped names back into their bytes.</summary>
internal static class RawNames
{
    private const string Letters = "abfnrtv\\ ";

    /// <summary>What docs/evidence.md says of escaped names, read back: there are octal codes and nothing else.</summary>
    public static byte[] OfOctal(string text) => Read(text, _ => throw new FormatException($"'{text}' has an escape that is no octal code."));

    /// <summary>What GNU tar and bsdtar print: octal codes, and C's letters for the common ones.</summary>
    public static byte[] OfC(string text) => Read(text, letter => "\a\b\f\n\r\t\v\\ "u8[Letters.IndexOf(letter, StringComparison.Ordinal)]);

    private static byte[] Read(string text, Func<char, byte> letter)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var plain = text.AsSpan(i).IndexOf('\\') is var at and >= 0 ? at : text.Length - i;
            bytes.AddRange(Encoding.UTF8.GetBytes(text, i, plain));
            i += plain;
            if (i == text.Length) break;
            if (text[i + 1] is >= '0' and <= '3')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                bytes.Add(letter(text[++i]));
            }
        }

        return [.. bytes];
    }
}
