using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Opens for reading without a trace, and counts where the kernel does not allow that.</summary>
internal sealed class Opener
{
    /// <summary>How many were opened so that reading them may have set their time of access.</summary>
    public long Touched { get; private set; }

    /// <inheritdoc cref="FileCalls.Open"/>
    public int Open(int? directory, ReadOnlySpan<byte> name, int flags)
    {
        var descriptor = FileCalls.Open(directory, name, flags);
        if (descriptor != -Errno.NotPermitted || (flags & OpenFlags.NoAccessTime) == 0) return descriptor;
        descriptor = FileCalls.Open(directory, name, flags & ~OpenFlags.NoAccessTime);
        if (descriptor >= 0) Touched++;
        return descriptor;
    }
}
