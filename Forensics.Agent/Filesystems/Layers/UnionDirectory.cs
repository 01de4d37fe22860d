using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>One directory of the merged file system: the directories that it consists of, top first, open.</summary>
internal sealed class UnionDirectory
{
    private readonly List<Part> _parts = [];

    public int Count => _parts.Count;

    /// <summary>True once the descriptors have been given back though the directory is still in use.</summary>
    public bool IsClosed { get; private set; }

    public Part this[int index] => _parts[index];

    public void Add(Part part) => _parts.Add(part);

    public void Close()
    {
        foreach (var part in _parts) FileCalls.Close(part.Descriptor);
        IsClosed = true;
    }

    /// <summary>To be used for another directory.</summary>
    public void Clear()
    {
        _parts.Clear();
        IsClosed = false;
    }

    /// <summary>Goes on with the descriptors of another one.</summary>
    public void Take(UnionDirectory other)
    {
        Clear();
        _parts.AddRange(other._parts);
        other.Clear();
    }

    /// <param name="Descriptor">Open for listing.</param>
    /// <param name="Layer">Index into the layers.</param>
    /// <param name="HoldsAttributeWhiteouts">Whether its empty files may stand for deleted names.</param>
    internal readonly record struct Part(int Descriptor, int Layer, bool HoldsAttributeWhiteouts);
}
