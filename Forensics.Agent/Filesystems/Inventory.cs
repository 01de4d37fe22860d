using System.Buffers;
using System.Security.Cryptography;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems;

/// <summary>An inventory of an archive, made in the pass in which the archive is stored: each entry's metadata and the SHA-256 of
/// its content, as a line of JSON, and as a line for TSK's mactime.</summary>
internal sealed class Inventory : IDisposable
{
    private readonly IBufferWriter<byte> _lines;
    private readonly IBufferWriter<byte> _bodyfile;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Where the lines go to costs something each time: it is given them whole.
    private readonly ArrayBufferWriter<byte> _pendingLine = new(512);
    private readonly ArrayBufferWriter<byte> _pendingBody = new(512);
    private readonly InventoryLine _line;
    private readonly SparseContent _sparse;
    private bool _isOpen;
    private bool _hasContent;
    private bool _isSparse;

    /// <param name="lines">The JSON lines go here.</param>
    /// <param name="bodyfile">The lines for mactime go here.</param>
    /// <param name="mostZeros">Bytes of holes that are hashed, of all files together.</param>
    public Inventory(
        IBufferWriter<byte> lines, IBufferWriter<byte> bodyfile, long mostZeros = SparseContent.MostZerosInAll, CancellationToken cancellationToken = default)
    {
        (_lines, _bodyfile) = (lines, bodyfile);
        _line = new InventoryLine(_pendingLine);
        _sparse = new SparseContent(_hash, mostZeros, cancellationToken);
    }

    public void Begin(TarEntry entry, ChangeKind? change)
    {
        _line.Begin(entry, change);
        BodyfileLine.Write(entry, _pendingBody);
        HandOver(_pendingBody, _bodyfile);
        _isOpen = true;
        _hasContent = entry.HasContent;
        _isSparse = entry.SparseSize is not null;
        if (_isSparse) _sparse.Begin(entry.SparseSize!.Value);
    }

    public void Content(ReadOnlySpan<byte> bytes)
    {
        if (_isSparse) _sparse.Write(bytes);
        else _hash.AppendData(bytes);
    }

    public void End()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var isHashed = _hasContent && (!_isSparse || _sparse.TryEnd());
        if (_hasContent) _hash.GetHashAndReset(hash);
        _line.End(isHashed ? hash : []);
        HandOver(_pendingLine, _lines);
        _isOpen = false;
    }

    /// <summary>To be called when the archive has ended, at its end or before it.</summary>
    public void Finish()
    {
        if (!_isOpen) return;
        _line.BreakOff();
        HandOver(_pendingLine, _lines);
        _isOpen = false;
    }

    public void Dispose() => _hash.Dispose();

    private static void HandOver(ArrayBufferWriter<byte> pending, IBufferWriter<byte> output)
    {
        output.Write(pending.WrittenSpan);
        pending.ResetWrittenCount();
    }
}
