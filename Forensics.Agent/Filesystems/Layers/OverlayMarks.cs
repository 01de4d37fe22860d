using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The attributes in which overlayfs says how a layer's entry goes with what lies below it.</summary>
/// <remarks>Source: Documentation/filesystems/overlayfs.rst and fs/overlayfs of Linux.</remarks>
internal sealed class OverlayMarks
{
    private readonly byte[] _opaque;
    private readonly byte[] _redirect;
    private readonly byte[] _whiteout;
    private readonly byte[] _metacopy;

    public OverlayMarks(bool inUserAttributes)
    {
        Prefix = inUserAttributes ? "user.overlay."u8.ToArray() : "trusted.overlay."u8.ToArray();
        _opaque = [.. Prefix, .. "opaque\0"u8];
        _redirect = [.. Prefix, .. "redirect\0"u8];
        _whiteout = [.. Prefix, .. "whiteout\0"u8];
        _metacopy = [.. Prefix, .. "metacopy\0"u8];
    }

    /// <summary>What their names begin with. Overlayfs shows none of them.</summary>
    public byte[] Prefix { get; }

    /// <summary>Names a file whose content lies in a layer below.</summary>
    public ReadOnlySpan<byte> Metacopy => _metacopy;

    public Opacity OpacityOf(int directory)
    {
        Span<byte> value = stackalloc byte[1];
        if (FileCalls.GetAttribute(directory, _opaque, value) != 1) return Opacity.Merged;
        return value[0] switch
        {
            (byte)'y' => Opacity.Opaque,
            (byte)'x' => Opacity.HoldsAttributeWhiteouts,
            _ => Opacity.Merged,
        };
    }

    /// <summary>Where the layers below have what goes on here: a name in the same directory, or a path from the root.</summary>
    /// <returns>The target's length, or an error.</returns>
    public int RedirectOf(int descriptor, Span<byte> target) => FileCalls.GetAttribute(descriptor, _redirect, target);

    /// <summary>The newer form of a deleted name: an empty file in a directory that says that it has some.</summary>
    public bool IsWhiteout(ReadOnlySpan<byte> path) => FileCalls.GetAttribute(path, _whiteout, []) >= 0;

    public bool IsMetacopy(int file) => FileCalls.GetAttribute(file, _metacopy, []) >= 0;
}

/// <summary>What a directory of a layer does to the same directory in the layers below.</summary>
internal enum Opacity
{
    Merged,
    Opaque,
    HoldsAttributeWhiteouts,
}
