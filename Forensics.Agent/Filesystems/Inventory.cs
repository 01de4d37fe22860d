using System.Buffers;
using System.Security.Cryptography;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems;

/// <summary>An inventory of an archive, made in the pass in which the archive is stored: each entry's metadata and the SHA-256 of
/// its content, as a line of JSON, and as a line for TSK's mactime.</summary>
/// <param name="lines">The JSON lines go here.</param>
/// <param name="bodyfile">The lines for mactime go here.</param>
internal sealed class Inventory(IBufferWriter<byte> lines, IBufferWriter<byte> bodyfile) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly InventoryLine _line = new(lines);
    private bool _isOpen;
    private bool _hasContent;
    private bool _isSparse;
    private SparseContent? _sparse;

    public void Begin(TarEntry entry, ChangeKind? change)
    {
        _line.Begin(entry, change);
        BodyfileLine.Write(entry, bodyfile);
        _isOpen = true;
        _hasContent = entry.HasContent;
        _isSparse = entry.SparseSize is not null;
        if (_isSparse) (_sparse ??= new SparseContent(_hash)).Begin(entry.SparseSize!.Value);
    }

    public void Content(ReadOnlySpan<byte> bytes)
    {
        if (_isSparse) _sparse!.Write(bytes);
        else _hash.AppendData(bytes);
    }

    public void End()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var isHashed = _hasContent && (!_isSparse || _sparse!.TryEnd());
        if (_hasContent) _hash.GetHashAndReset(hash);
        _line.End(isHashed ? hash : []);
        _isOpen = false;
    }

    /// <summary>To be called when the archive has ended, at its end or before it.</summary>
    public void Finish()
    {
        if (_isOpen) _line.BreakOff();
        _isOpen = false;
    }

    public void Dispose() => _hash.Dispose();
}
