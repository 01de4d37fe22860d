using System.Text;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The merged file system, directory by directory, as overlayfs would show it.</summary>
internal sealed class UnionTree : IDisposable
{
    private readonly LayeredRoot _layered;
    private readonly Descent _descent;
    private readonly List<int> _mounts = [];

    /// <exception cref="LayerException">A layer cannot be opened, or the process may not see overlayfs' marks.</exception>
    public UnionTree(LayeredRoot layered)
    {
        _layered = layered;
        if (layered.Layers.Count > 1 || layered.LacksLowers)
        {
            // Without them deleted files would come back, and nobody could tell.
            if (!layered.HasUserMarks && !ProcessRights.CanSeeTrustedAttributes())
                throw new LayerException("Reading a container's layers takes CAP_SYS_ADMIN: overlayfs' marks are in attributes called trusted.*, which others do not see.");
            Marks = new OverlayMarks(layered.HasUserMarks);
        }

        _descent = new Descent(Root, Marks, Opener);
        OpenLayers();
    }

    public Opener Opener { get; } = new();

    /// <summary>Its parts are the layers, all of them, in their order.</summary>
    public UnionDirectory Root { get; } = new();

    /// <summary>Null if there is one layer only, and none below it: nothing is overlayfs' then.</summary>
    public OverlayMarks? Marks { get; }

    /// <summary>The kernel sees to it that nothing that is read has a time changed.</summary>
    public bool LeavesNoTrace { get; private set; }

    /// <summary>Opens a directory with everything that is merged into it.</summary>
    /// <param name="part">Of the parent: where the name was found first.</param>
    /// <param name="child">Takes the directory; empty after an error.</param>
    /// <returns>0, or the first error, after which nothing is open.</returns>
    public int OpenDirectory(UnionDirectory parent, int part, ReadOnlySpan<byte> name, UnionDirectory child)
    {
        child.Clear();
        var descriptor = Opener.Open(parent[part].Descriptor, name, OpenFlags.ToList);
        if (descriptor < 0) return descriptor;

        _descent.Begin(parent, part, name);
        do
        {
            _descent.Follow(descriptor);
            child.Add(new UnionDirectory.Part(descriptor, _descent.Layer, _descent.HoldsAttributeWhiteouts));
            descriptor = _descent.OpenNext(OpenFlags.ToList);
        }
        while (descriptor >= 0);

        // Anything else than a directory hides what lies below it.
        if (-descriptor is Errno.NoEntry or Errno.NotADirectory or Errno.TooManyLinks) return 0;
        child.Close();
        child.Clear();
        return descriptor;
    }

    /// <summary>Looks a name up.</summary>
    /// <param name="part">In which of the directory's parts it is.</param>
    /// <returns>False if the merged directory does not show it.</returns>
    public bool TryFind(UnionDirectory directory, ReadOnlySpan<byte> name, out int part, out FileStatus status)
    {
        status = default;
        for (part = 0; part < directory.Count; part++)
        {
            if (FileCalls.Status(directory[part].Descriptor, name, out status) == 0)
                return Marks is null || !(status.IsWhiteout || (directory[part].HoldsAttributeWhiteouts && IsEmptyWhiteout(directory[part], name, status)));
        }

        return false;
    }

    /// <summary>Opens the content of a file of which the layer has but the attributes.</summary>
    /// <param name="file">The file as the layer has it, open for reading.</param>
    /// <param name="open">Opens what a path-only descriptor holds, for reading, and gives that descriptor back.</param>
    /// <returns>A descriptor open for reading, or an error.</returns>
    public int OpenContentBelow(UnionDirectory parent, int part, ReadOnlySpan<byte> name, int file, Func<int, int> open)
    {
        _descent.Begin(parent, part, name);
        _descent.TurnAside(file);
        for (var below = _descent.OpenNext(OpenFlags.AsItIs); below >= 0; below = _descent.OpenNext(OpenFlags.AsItIs))
        {
            if (FileCalls.Status(below, FileCalls.Itself, out var status) < 0 || status.Type != FileType.Regular)
            {
                FileCalls.Close(below);
                return -Errno.InputOutput;
            }

            var content = open(below);
            if (content < 0 || !Marks!.IsMetacopy(content)) return content;
            _descent.TurnAside(content);
            FileCalls.Close(content);
        }

        // As the kernel says where a content is nowhere.
        return -Errno.InputOutput;
    }

    public void Dispose()
    {
        Root.Close();
        foreach (var mount in _mounts) FileCalls.Close(mount);
    }

    private bool IsEmptyWhiteout(UnionDirectory.Part part, ReadOnlySpan<byte> name, in FileStatus status)
    {
        if (status is not { Type: FileType.Regular, Size: 0 }) return false;
        var held = FileCalls.Open(part.Descriptor, name, OpenFlags.AsItIs);
        var isWhiteout = held >= 0 && Marks!.IsWhiteout(new DescriptorPath(held).Span);
        FileCalls.Close(held);
        return isWhiteout;
    }

    private void OpenLayers()
    {
        foreach (var path in _layered.Layers)
        {
            var descriptor = OpenLayer([.. Encoding.UTF8.GetBytes(path), 0]);
            if (descriptor < 0)
            {
                Dispose();
                throw new LayerException($"The layer {EscapedText.Of(path)} cannot be opened: {Errno.Describe(-descriptor)}.");
            }

            var holdsWhiteouts = Marks?.OpacityOf(descriptor) == Opacity.HoldsAttributeWhiteouts;
            Root.Add(new UnionDirectory.Part(descriptor, Root.Count, holdsWhiteouts));
        }

        LeavesNoTrace = _mounts.Count == Root.Count;
    }

    /// <summary>By way of a mount that no one else sees, if the kernel lets us.</summary>
    private int OpenLayer(ReadOnlySpan<byte> path)
    {
        var mount = DetachedMount.Open(path);
        if (mount < 0) return Opener.Open(null, path, OpenFlags.ToList & ~OpenFlags.NoFollow);
        _mounts.Add(mount);
        return Opener.Open(mount, ".\0"u8, OpenFlags.ToList);
    }
}
