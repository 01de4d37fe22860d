using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Opens the content of files that are held by a path-only descriptor: that very file, whatever its name leads to by now.</summary>
internal sealed class HeldFiles : IDisposable
{
    private const int ToRead = OpenFlags.NonBlocking | OpenFlags.CloseOnExec | OpenFlags.NoAccessTime;

    private readonly Opener _opener;
    private readonly LeasePatience _patience;
    private readonly int _descriptors;

    /// <exception cref="LayerException">There is no /proc.</exception>
    public HeldFiles(Opener opener, LeasePatience patience)
    {
        (_opener, _patience) = (opener, patience);
        _descriptors = FileCalls.Open(null, "/proc/self/fd\0"u8, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec);
        if (_descriptors < 0) throw new LayerException("Layers cannot be read without /proc: files are opened by way of it.");
    }

    /// <param name="held">A regular file: anything else might wait, or wake a device.</param>
    /// <returns>A descriptor open for reading, or an error.</returns>
    public int Open(int held)
    {
        var content = OpenOnce(held);
        return content == -Errno.TryAgain ? OpenPatiently(held) : content;
    }

    /// <summary>The same, and gives the path-only descriptor back.</summary>
    public int OpenAndRelease(int held)
    {
        var content = Open(held);
        FileCalls.Close(held);
        return content;
    }

    /// <summary>Opens a regular file by its name.</summary>
    /// <returns>A descriptor open for reading; or an error, which is Invalid for anything but a regular file.</returns>
    public int OpenFile(int directory, ReadOnlySpan<byte> name)
    {
        var held = FileCalls.Open(directory, name, OpenFlags.AsItIs);
        if (held < 0) return held;
        var error = FileCalls.Status(held, FileCalls.Itself, out var status);
        if (error >= 0 && status.Type != FileType.Regular) error = -Errno.Invalid;
        if (error >= 0) return OpenAndRelease(held);
        FileCalls.Close(held);
        return error;
    }

    public void Dispose() => FileCalls.Close(_descriptors);

    // By itself: what a lambda captures is allocated where its method begins, which would be for every file.
    private int OpenPatiently(int held) => _patience.Again(() => OpenOnce(held));

    private int OpenOnce(int held) => _opener.Open(_descriptors, new DescriptorPath(held).Number, ToRead);
}
