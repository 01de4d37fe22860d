using Forensics.Agent.Filesystems;

namespace Forensics.Agent.Capture.Roots;

/// <summary>The first paths of what may be a million, escaped, and how many there are.</summary>
internal sealed class BoundedPaths
{
    /// <summary>What is beyond is only counted.</summary>
    public const int Most = 1000;

    // Characters: a path may have 64 KiB, each byte of which may take four.
    private const int MostText = 256 * 1024;

    private readonly List<string> _paths = [];
    private int _text;
    private int _shortestRefused = int.MaxValue;

    public IReadOnlyList<string> Paths => _paths;
    public int Count { get; private set; }
    public bool IsCut => Count > _paths.Count;

    /// <param name="path">As an archive has it.</param>
    public void Add(ReadOnlySpan<byte> path)
    {
        Count++;
        if (_paths.Count == Most || path.Length >= _shortestRefused) return;
        var text = "/" + EscapedText.Of(ArchivePath.Trim(path));
        if (_text + text.Length > MostText)
        {
            _shortestRefused = path.Length; // One that is shorter may still find room; to escape the others would only take time.
            return;
        }

        _text += text.Length;
        _paths.Add(text);
    }
}
