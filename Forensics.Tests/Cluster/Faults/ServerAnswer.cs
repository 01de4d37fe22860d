namespace Forensics.Tests.Cluster.Faults;

/// <summary>What the API server said, whole.</summary>
internal sealed record ServerAnswer(int Code, IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[] Body)
{
    // They hold for one connection only (RFC 9110, 7.6.1), or are the web server's to write.
    private static readonly HashSet<string> OfOneConnection =
        new(["Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Host", "Expect"], StringComparer.OrdinalIgnoreCase);

    public static bool Passes(string header) => !OfOneConnection.Contains(header) && !header.StartsWith(':');

    public static IReadOnlyList<KeyValuePair<string, string[]>> HeadersOf(HttpResponseMessage answer) =>
    [
        .. answer.Headers.Concat(answer.Content.Headers).Where(header => Passes(header.Key)).Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
    ];
}
