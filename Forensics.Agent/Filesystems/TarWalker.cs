namespace Forensics.Agent.Filesystems;

/// <summary>Follows a tar archive that streams past and judges whether it is whole: every header sound, every content as long
/// as announced, two zero blocks at the end. Docker cuts an archive without a word when a file shrinks while it reads it.</summary>
/// <remarks>Takes pieces of any size, keeps one header and one extension in memory, and never fails: at the first unsound byte
/// it stops looking. Format: pax(1) of POSIX.1-2017 and GNU tar's long names.</remarks>
internal sealed class TarWalker(ITarVisitor visitor)
{
    // Longest known: a path and a link of 4,096 bytes each and a file's extended attributes of 64 KiB.
    private const int LongestExtension = 1 << 20;

    private readonly byte[] _block = new byte[TarHeader.BlockLength];
    private readonly TarExtensions _extensions = new();
    private State _state = State.Header;
    private int _inBlock;
    private int _zeroBlocks;

    /// <summary>Of the content or extension in hand: bytes to come, without and then with padding.</summary>
    private long _contentLeft;
    private int _paddingLeft;
    private byte _extensionType;

    /// <summary>Of the last entry, kept for messages; only its beginning is the name.</summary>
    private byte[] _name = new byte[256];
    private int _nameLength;
    private string? _problem;
    private long _offset;
    private long _entries;

    private enum State
    {
        Header,
        Content,
        Extension,
        Ended,
        Unsound,
    }

    private ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var taken = _state switch
            {
                State.Header => TakeHeader(bytes),
                State.Content or State.Extension => TakeContent(bytes),
                State.Ended => TakeTrailer(bytes),
                _ => bytes.Length,
            };
            bytes = bytes[taken..];
            _offset += taken;
        }
    }

    /// <summary>To be asked when the stream has ended.</summary>
    public TarVerdict Finish() => _state switch
    {
        State.Ended => new TarVerdict(_entries, null, IsCut: false),
        State.Unsound => new TarVerdict(_entries, _problem, IsCut: false),
        State.Content => new TarVerdict(
            _entries, $"The archive breaks off within {EscapedText.Of(Name)}, {_contentLeft} bytes before that file's end.", IsCut: true),
        _ => new TarVerdict(
            _entries,
            _entries == 0 ? "The archive is empty." : $"The archive breaks off after {EscapedText.Of(Name)}, with no end mark.",
            IsCut: true),
    };

    private int TakeHeader(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, _block.Length - _inBlock);
        bytes[..taken].CopyTo(_block.AsSpan(_inBlock));
        _inBlock += taken;
        if (_inBlock < _block.Length) return taken;

        _inBlock = 0;
        if (!_block.AsSpan().ContainsAnyExcept((byte)0)) _state = ++_zeroBlocks == 2 ? State.Ended : State.Header;
        else if (_zeroBlocks > 0) Stop("has a zero block before its end");
        else if (TarHeader.TryParse(_block, out var header)) Begin(header);
        else Stop("has a header that is none");
        return taken;
    }

    private void Begin(TarHeader header)
    {
        var isExtension = TarExtensions.Knows(header.Type);
        var size = isExtension ? header.Size : _extensions.Size ?? header.Size;
        var length = TarType.HasContent(header.Type) ? size : 0;
        if (length < 0 || (isExtension && length > LongestExtension))
        {
            Stop("announces an impossible length");
            return;
        }

        _contentLeft = length;
        _paddingLeft = (int)(-length & (TarHeader.BlockLength - 1));
        _extensionType = header.Type;
        _state = isExtension ? State.Extension : State.Content;
        if (isExtension) _extensions.Begin((int)length);
        else Show(header, length);
        if (_contentLeft + _paddingLeft == 0) End();
    }

    private void Show(TarHeader header, long length)
    {
        _entries++;
        Rename(header);
        visitor.Begin(new TarEntry
        {
            Name = Name,
            Link = _extensions.Link ?? header.Link,
            Type = header.Type,
            Mode = header.Mode,
            Uid = _extensions.Uid ?? header.Uid,
            Gid = _extensions.Gid ?? header.Gid,
            Size = length,
            SparseSize = _extensions.SparseSize,
            Modified = _extensions.Modified ?? header.Modified,
            Accessed = _extensions.Accessed,
            StatusChanged = _extensions.StatusChanged,
        });
        _extensions.Clear();
    }

    private void Rename(TarHeader header)
    {
        _nameLength = 0;
        if (_extensions.Name is { } name)
        {
            Append(name);
            return;
        }

        Append(header.Prefix);
        if (!header.Prefix.IsEmpty) Append("/"u8);
        Append(header.Name);
    }

    private void Append(ReadOnlySpan<byte> name)
    {
        if (_name.Length < _nameLength + name.Length) Array.Resize(ref _name, (_nameLength + name.Length) * 2);
        name.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += name.Length;
    }

    private int TakeContent(ReadOnlySpan<byte> bytes)
    {
        var content = (int)Math.Min(bytes.Length, _contentLeft);
        if (_state == State.Extension) _extensions.Append(bytes[..content]);
        else if (content > 0) visitor.Content(bytes[..content]);
        var padding = Math.Min(bytes.Length - content, _paddingLeft);
        _contentLeft -= content;
        _paddingLeft -= padding;
        if (_contentLeft + _paddingLeft == 0) End();
        return content + padding;
    }

    private void End()
    {
        if (_state == State.Content) visitor.End();
        else if (!_extensions.TryEnd(_extensionType))
        {
            Stop("has an extension that is malformed");
            return;
        }

        _state = State.Header;
    }

    private int TakeTrailer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyExcept((byte)0)) Stop("goes on after its end mark");
        return bytes.Length;
    }

    private void Stop(string what)
    {
        _state = State.Unsound;
        _problem = $"The archive {what}, near byte {_offset}; last entry {EscapedText.Of(Name)}.";
    }
}
