using System.Text;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Linux;
using Forensics.Api;
using Microsoft.Win32.SafeHandles;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>One container's log files, all of them opened before the first is read: what is rotated meanwhile stays readable.
/// Whoever mounts the node's log folder can put links there, so none is followed, and nothing but files is read.</summary>
internal sealed class LogFiles : IDisposable
{
    private readonly List<LogFile> _files = [];
    private readonly List<string> _refused = [];

    private LogFiles()
    {
    }

    /// <summary>Rotated ones by the time in their name, then the current one.</summary>
    public IEnumerable<LogFile> OldestFirst => _files.OrderBy(file => file.IsCurrent).ThenBy(file => file.Name, StringComparer.Ordinal);

    /// <summary>Names that look like this log's, and are no files.</summary>
    public IReadOnlyList<string> Refused => _refused;

    /// <param name="path">In this process's file system: <c>…/POD/CONTAINER/ATTEMPT.log</c>. All above POD is trusted.</param>
    public static LogFiles Open(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 4) throw Missing(path, Errno.NoEntry);
        using var root = Take(null, string.Join('/', parts[..^3]), OpenFlags.Directory | OpenFlags.CloseOnExec, path);
        using var pod = Take(root, parts[^3], OpenFlags.ToList, path);
        using var folder = Take(pod, parts[^2], OpenFlags.ToList, path);
        var files = new LogFiles();
        try
        {
            files.OpenAll(folder, parts[^1]);
            return files._files.Count + files._refused.Count > 0 ? files : throw Missing(path, Errno.NoEntry);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    /// <summary>Again until nothing new has come: the kubelet renames, makes anew and compresses while we look.</summary>
    private void OpenAll(SafeFileHandle folder, string current)
    {
        int before;
        do
        {
            before = _files.Count + _refused.Count;
            foreach (var entry in Directory.EnumerateFileSystemEntries($"/proc/self/fd/{Number(folder)}").Select(path => Path.GetFileName(path)))
                if (entry == current || LogFile.IsRotated(entry, current)) OpenOne(folder, entry, current);
        }
        while (_files.Count + _refused.Count > before);
    }

    private void OpenOne(SafeFileHandle folder, string name, string current)
    {
        if (_refused.Contains(name)) return;
        var descriptor = FileCalls.Open(Number(folder), Bytes(name), OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec);
        if (descriptor == -Errno.NoEntry) return; // Renamed or removed since it was listed.
        if (descriptor < 0)
        {
            _refused.Add(name);
            return;
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = FileCalls.Status(descriptor, FileCalls.Itself, out var status);
        if (status.Type != FileType.Regular) _refused.Add(name);
        else if (!_files.Exists(file => file.IsSame(name, status))) _files.Add(new LogFile(name, name == current, handle, status));
        if (_files.LastOrDefault()?.Handle != handle) handle.Dispose();
    }

    private static SafeFileHandle Take(SafeFileHandle? parent, string name, int flags, string path)
    {
        var descriptor = FileCalls.Open(parent is null ? null : Number(parent), Bytes(name), flags);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Missing(path, -descriptor);
    }

    private static RuntimeException Missing(string path, int errno) => new(
        Reasons.RuntimeFailed, $"The container's log {EscapedText.Of(path)} cannot be opened, or leads elsewhere by a link: {Errno.Describe(errno)}.");

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static byte[] Bytes(string name) => Encoding.UTF8.GetBytes(name + "\0");
}
