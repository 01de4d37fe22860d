using System.Globalization;
using System.Text;

namespace Forensics.Local;

/// <summary>The head of an HTTP/1.1 request, as far as an S3 sink looks at it.</summary>
internal sealed record SinkRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public long ContentLength => long.Parse(Headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture);

    /// <summary>The body's SHA-256 in hex as the signature has it, or a word that says that it has none.</summary>
    public string ContentSha256 => Headers.GetValueOrDefault("x-amz-content-sha256", "");

    public bool ExpectsContinue => Headers.GetValueOrDefault("expect", "") == "100-continue";

    /// <param name="head">Up to the empty line.</param>
    public static SinkRequest Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var target = words[1].Split('?', 2);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2))
            .ToDictionary(field => field[0].ToLowerInvariant(), field => field[1].Trim(), StringComparer.Ordinal);
        return new SinkRequest(words[0], target[0], target.Length > 1 ? target[1] : "", headers);
    }
}
