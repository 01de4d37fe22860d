using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>One entry on its way from the walk to the archive. Used again and again.</summary>
internal sealed class WalkedEntry
{
    /// <summary>Relative to the root, raw; that of a directory ends in a slash, the root's is <c>./</c>.</summary>
    public ByteBuffer Path { get; } = new();

    /// <summary>Where a symbolic link leads.</summary>
    public ByteBuffer Link { get; } = new();

    /// <summary>As records of the archive.</summary>
    public ByteBuffer Attributes { get; } = new();

    public FileStatus Status { get; set; }

    /// <summary>A file's content, open for reading; none for all else.</summary>
    public int Content { get; set; } = FileCalls.NoDescriptor;

    /// <summary>What has been read of the content already.</summary>
    public ByteBuffer Beginning { get; } = new();

    /// <summary>The content comes from a layer below the entry's own.</summary>
    public bool IsMetacopy { get; set; }

    /// <summary>The content was not in the page cache, so that it should not stay there.</summary>
    public bool WasCold { get; set; }

    /// <summary>Something of it is already known to be missing.</summary>
    public bool IsPartial { get; set; }

    public ReadOnlySpan<byte> Name => Path.Span;

    public void Begin(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        Path.Set(directory);
        Path.Append(name);
        Link.Clear();
        Attributes.Clear();
        Beginning.Clear();
        (IsMetacopy, WasCold, IsPartial) = (false, false, false);
    }

    public void CloseContent()
    {
        FileCalls.Close(Content);
        Content = FileCalls.NoDescriptor;
    }
}
