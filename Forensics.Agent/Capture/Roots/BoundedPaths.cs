using Forensics.Agent.Filesystems;

namespace Forensics.Agent.Capture.Roots;

/// <summary>The first paths of what may be a million, escaped, and how many there are.</summary>
internal sealed class BoundedPaths
{
    private readonly List<string> _paths = [];

    public IReadOnlyList<string> Paths => _paths;
    public int Count { get; private set; }
    public bool IsCut => Count > _paths.Count;

    /// <param name="path">As an archive has it.</param>
    public void Add(ReadOnlySpan<byte> path)
    {
        Count++;
        if (_paths.Count < ExportCheck.MostPaths) _paths.Add("/" + EscapedText.Of(ArchivePath.Trim(path)));
    }
}
