using System.Text;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The merged file system, directory by directory, as overlayfs would show it.</summary>
internal sealed class UnionTree : IDisposable
{
    private readonly LayeredRoot _layered;
    private readonly Descent _descent;

    /// <exception cref="LayerException">A layer cannot be opened, or the process may not see overlayfs' marks.</exception>
    public UnionTree(LayeredRoot layered)
    {
        _layered = layered;
        if (layered.Layers.Count > 1)
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

    /// <summary>Null if there is one layer only: nothing is overlayfs' then.</summary>
    public OverlayMarks? Marks { get; }

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

    public void Dispose() => Root.Close();

    private void OpenLayers()
    {
        for (var layer = 0; layer < _layered.Layers.Count; layer++)
        {
            var path = _layered.Layers[layer];
            var descriptor = Opener.Open(null, [.. Encoding.UTF8.GetBytes(path), 0], OpenFlags.ToList & ~OpenFlags.NoFollow);
            if (descriptor < 0)
            {
                Root.Close();
                throw new LayerException($"The layer {EscapedText.Of(path)} cannot be opened: {Errno.Describe(-descriptor)}.");
            }

            var holdsWhiteouts = Marks?.OpacityOf(descriptor) == Opacity.HoldsAttributeWhiteouts;
            Root.Add(new UnionDirectory.Part(descriptor, layer, holdsWhiteouts));
        }
    }
}
