using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The way down: finds what lies under an entry, layer by layer, by the entry's name or by where its redirect leads.</summary>
/// <remarks>A name is looked up in a directory that is held open, never through a link and never upwards, so that no path can
/// lead out of a layer, whoever moves directories meanwhile.</remarks>
/// <param name="marks">Null if there is only one layer: the way down ends at once.</param>
internal sealed class Descent(UnionDirectory root, OverlayMarks? marks, Opener opener)
{
    // Overlayfs refuses longer ones.
    private const int LongestRedirect = 4096;

    private const int ZeroByte = 1;

    private readonly ByteBuffer _name = new();
    private readonly ByteBuffer _below = new();
    private readonly byte[] _target = new byte[LongestRedirect];
    private UnionDirectory _parent = null!;
    private int _part;
    private bool _isFromRoot;
    private bool _isEnded;
    private bool _isInvalid;

    /// <summary>Layer of what was found last: at first, of the entry itself.</summary>
    public int Layer { get; private set; }

    public bool HoldsAttributeWhiteouts { get; private set; }

    /// <param name="part">Of the parent: where the entry itself is.</param>
    public void Begin(UnionDirectory parent, int part, ReadOnlySpan<byte> name)
    {
        (_parent, _part, _isFromRoot, _isEnded, _isInvalid) = (parent, part, false, false, false);
        Layer = parent[part].Layer;
        _name.Set(name);
    }

    /// <returns>A descriptor of the next entry further down; or, negative, why there is none: NoEntry at the end.</returns>
    public int OpenNext(int flags)
    {
        while (!_isEnded && !_isInvalid && ++_part < _parent.Count)
        {
            var part = _parent[_part];
            var descriptor = _isFromRoot ? OpenFromRoot(part.Descriptor, flags) : OpenComponent(part.Descriptor, _name.Span, flags);
            if (descriptor == -Errno.NoEntry) continue;
            Layer = part.Layer;
            return descriptor;
        }

        return _isInvalid ? -Errno.Invalid : -Errno.NoEntry;
    }

    /// <summary>To be told of each directory that was found, the first one included: it may end the way down or turn it aside.</summary>
    public void Follow(int descriptor)
    {
        // Nothing lies below the last layer.
        var opacity = Layer == root.Count - 1 ? Opacity.Opaque : marks!.OpacityOf(descriptor);
        HoldsAttributeWhiteouts = opacity == Opacity.HoldsAttributeWhiteouts;
        if (opacity == Opacity.Opaque) _isEnded = true;
        else TurnAside(descriptor);
    }

    /// <summary>Goes on where the redirect of a directory or file leads, if it has one.</summary>
    public void TurnAside(int descriptor)
    {
        if (!TryRedirect(_name, ZeroByte, descriptor) || _isFromRoot) return;
        // A path from the root may lead into any layer below; in the root, parts are layers.
        (_parent, _part, _isFromRoot) = (root, _parent[_part].Layer, true);
    }

    /// <summary>Puts the redirect's target in the place of the name that has it.</summary>
    /// <param name="rest">Length of what follows in the path.</param>
    /// <returns>True if the target is a path from the root.</returns>
    private bool TryRedirect(ByteBuffer path, int rest, int descriptor)
    {
        var length = marks!.RedirectOf(descriptor, _target);
        if (length is -Errno.NoData or -Errno.NotSupported) return false;
        var target = _target.AsSpan(0, Math.Max(length, 0));
        if (!IsValid(target))
        {
            _isInvalid = true;
            return false;
        }

        var isFromRoot = target[0] == '/';
        var end = path.Length - rest;
        var start = isFromRoot ? 0 : path.Span[..end].LastIndexOf((byte)'/') + 1;
        path.Replace(start, end - start, target.TrimStart((byte)'/'));
        return isFromRoot;
    }

    /// <summary>An image may bring any attribute along: what is no redirect of overlayfs' own must not become a path.</summary>
    private static bool IsValid(ReadOnlySpan<byte> target) =>
        !target.IsEmpty && !target.Contains((byte)0) && (target[0] == '/' ? target.Length > 1 : !target.Contains((byte)'/'));

    /// <summary>Walks the path within one layer. Marks on the way hold for the layers below.</summary>
    private int OpenFromRoot(int layer, int flags)
    {
        _below.Set(_name.Span);
        var directory = layer;
        int descriptor;
        for (var path = _name.Span; ; path = path[(path.IndexOf((byte)'/') + 1)..])
        {
            var slash = path.IndexOf((byte)'/');
            descriptor = slash < 0 ? OpenComponent(directory, path, flags) : OpenComponent(directory, [.. path[..slash], 0], OpenFlags.ToList);
            if (directory != layer) FileCalls.Close(directory);
            if (descriptor < 0 || slash < 0) break;

            directory = descriptor;
            if (marks!.OpacityOf(directory) == Opacity.Opaque) _isEnded = true;
            TryRedirect(_below, path.Length - slash, directory);
        }

        _name.Set(_below.Span);
        return descriptor;
    }

    private int OpenComponent(int directory, ReadOnlySpan<byte> name, int flags) =>
        name is [0] or [(byte)'.', 0] or [(byte)'.', (byte)'.', 0] ? -Errno.Invalid : opener.Open(directory, name, flags);
}
