using System.IO.Compression;
using Forensics.Agent.Filesystems.Linux;
using Microsoft.Win32.SafeHandles;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>One log file, as long as it was when it was opened.</summary>
internal sealed class LogFile(string name, bool isCurrent, SafeFileHandle handle, FileStatus status) : IDisposable
{
    private const string Compressed = ".gz";
    private const string BeingWritten = ".tmp";

    public string Name => name;

    public bool IsCurrent => isCurrent;

    public SafeFileHandle Handle => handle;

    /// <summary>The kubelet's names: <c>0.log.20261124-045500</c>, then with <c>.gz</c>.</summary>
    public static bool IsRotated(string name, string current) =>
        name.StartsWith(current + ".", StringComparison.Ordinal) && !name.EndsWith(BeingWritten, StringComparison.Ordinal);

    /// <summary>True for the same file under another name, and for the same log before or after its compression.</summary>
    public bool IsSame(string otherName, in FileStatus other) =>
        status.IsSameFileAs(other) || (!isCurrent && Plain(name) == Plain(otherName));

    /// <summary>Bytes to be read, so that a container which writes faster than we read comes to an end; null for a compressed one.</summary>
    public long? Length => IsCompressed ? null : status.Size;

    private bool IsCompressed => name.EndsWith(Compressed, StringComparison.Ordinal);

    public Stream Open()
    {
        var content = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return IsCompressed ? new GZipStream(content, CompressionMode.Decompress) : content;
    }

    public void Dispose() => handle.Dispose();

    private static string Plain(string name) => name.EndsWith(Compressed, StringComparison.Ordinal) ? name[..^Compressed.Length] : name;
}
