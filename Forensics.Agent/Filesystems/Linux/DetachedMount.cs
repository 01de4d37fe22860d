namespace Forensics.Agent.Filesystems.Linux;

/// <summary>A second view of a directory that no process finds and that ends with its descriptor: read-only, without times of
/// access, devices or links that are followed. The kernel itself then sees to it that reading leaves no trace; without it the
/// time of access of a symbolic link would change, for which there is no O_NOATIME.</summary>
internal static unsafe class DetachedMount
{
    // The same on every processor.
    private const nint OpenTree = 428;
    private const nint SetMountAttributes = 442;

    private const uint Clone = 1;
    private const int EmptyPath = 0x1000;

    private const ulong ReadOnly = 0x1;
    private const ulong NoSetId = 0x2;
    private const ulong NoDevices = 0x4;
    private const ulong NoPrograms = 0x8;
    private const ulong NoAccessTimes = 0x10;
    private const ulong AccessTimeMask = 0x70;
    private const ulong NoSymbolicLinks = 0x20_0000;

    /// <summary>Takes CAP_SYS_ADMIN and Linux 5.12 (the last of its attributes 5.14).</summary>
    /// <param name="path">With a zero byte at its end. What is mounted below it is not seen.</param>
    /// <returns>A path-only descriptor, or an error.</returns>
    public static int Open(ReadOnlySpan<byte> path)
    {
        nint descriptor;
        fixed (byte* of = path) descriptor = Libc.Call(OpenTree, FileCalls.CurrentDirectory, of, (nint)(Clone | (uint)OpenFlags.CloseOnExec));
        if (descriptor < 0) return -FileCalls.LastError;

        var attributes = new MountAttributes
        {
            Set = ReadOnly | NoSetId | NoDevices | NoPrograms | NoAccessTimes | NoSymbolicLinks,
            Clear = AccessTimeMask,
        };
        fixed (byte* itself = FileCalls.Itself)
        {
            if (Libc.Call(SetMountAttributes, descriptor, itself, EmptyPath, &attributes, sizeof(MountAttributes)) == 0) return (int)descriptor;
        }

        var error = FileCalls.LastError;
        FileCalls.Close((int)descriptor);
        return -error;
    }

    /// <summary>The kernel's <c>struct mount_attr</c>.</summary>
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }
}
