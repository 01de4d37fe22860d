using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>A directory that a walk is in, with how far it has come there.</summary>
/// <param name="pieceLength">Bytes of names to have in memory at once.</param>
internal sealed class UnionLevel(int pieceLength, NameSet namesAbove, UnionDirectory? directory = null)
{
    public UnionDirectory Directory { get; } = directory ?? new UnionDirectory();

    public DirectoryListing Listing { get; } = new(pieceLength);

    /// <summary>Which of the directory's parts is being listed.</summary>
    public int Part { get; set; }

    /// <summary>The parent's part in which its name was found.</summary>
    public int ParentPart { get; private set; }

    /// <summary>Length of its path, slash included; 0 for the root.</summary>
    public int PathLength { get; private set; }

    /// <summary>What the parts above the one that is being listed have.</summary>
    public NameSet NamesAbove { get; } = namesAbove;

    /// <summary>Some part of it could not be listed to its end.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Something of its own entry is missing, whatever comes of what is in it.</summary>
    public bool HasPartialEntry { get; private set; }

    /// <summary>Tells whether the same directory is found there once more.</summary>
    public FileStatus Status { get; private set; }

    public void Enter(int parentPart, int pathLength, in FileStatus status, bool hasPartialEntry)
    {
        (Part, ParentPart, PathLength, Status, IsBroken, HasPartialEntry) = (0, parentPart, pathLength, status, false, hasPartialEntry);
        NamesAbove.Clear();
        Listing.Restart();
    }
}
