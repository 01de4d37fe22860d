using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Reads so that what was not in the page cache before does not stay there, where the kernel can do that.</summary>
internal sealed class UncachedReader
{
    private ReadFlags _flags = ReadFlags.DontCache;

    /// <inheritdoc cref="FileCalls.Read"/>
    public int Read(int descriptor, Span<byte> buffer, long offset)
    {
        var read = FileCalls.Read(descriptor, buffer, offset, _flags);
        if (read != -Errno.NotSupported || _flags == ReadFlags.None) return read;
        // An older kernel, or a file system that cannot do it: others of the same root cannot either.
        _flags = ReadFlags.None;
        return FileCalls.Read(descriptor, buffer, offset, _flags);
    }
}
