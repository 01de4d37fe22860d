using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Makes what .NET cannot: names that are no text, attributes, device nodes, exchanges. Paths are bytes.</summary>
internal static partial class RawFiles
{
    private const int CurrentDirectory = -100;
    private const uint CharacterDevice = 0x2000;
    private const uint Fifo = 0x1000;
    private const uint Exchange = 2;
    private const int Immutable = 0x10;
    private const nuint SetFlags = 0x40086602;
    private const int SetLease = 1024;
    private const int WriteLease = 1;
    private const int NoLease = 2;

    /// <summary>UTF-8 of the path; a character U+0080 to U+00FF after a backslash stands for that byte.</summary>
    public static byte[] Bytes(string path)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 1 < path.Length && path[i + 1] is >= '\u0080' and <= '\u00FF') bytes.Add((byte)path[++i]);
            else bytes.AddRange(System.Text.Encoding.UTF8.GetBytes([path[i]]));
        }

        return [.. bytes, 0];
    }

    public static void SetAttribute(string path, string name, params byte[] value) =>
        Check(SetXattr(Bytes(path), name, value, (nuint)value.Length, 0), path);

    public static byte[]? Attribute(string path, string name)
    {
        var value = new byte[1024];
        var length = GetXattr(Bytes(path), name, value, (nuint)value.Length);
        return length < 0 ? null : value[..(int)length];
    }

    /// <summary>Overlayfs' mark of a deleted name. Anyone may make that one device.</summary>
    public static void MakeWhiteout(string path) => Check(MakeNode(CurrentDirectory, Bytes(path), CharacterDevice, 0), path);

    /// <summary>Takes CAP_MKNOD.</summary>
    public static void MakeDevice(string path, byte major, byte minor) =>
        Check(MakeNode(CurrentDirectory, Bytes(path), CharacterDevice | 0b110_110_000, ((ulong)major << 8) | minor), path);

    public static void MakeFifo(string path) => Check(MakeNode(CurrentDirectory, Bytes(path), Fifo | 0b110_100_100, 0), path);

    public static void MakeDirectory(string path) => Check(MakeDirectoryAt(CurrentDirectory, Bytes(path), 0b111_101_101), path);

    public static void MakeLink(string target, string path) => Check(SymbolicLink(Bytes(target), CurrentDirectory, Bytes(path)), path);

    /// <summary>Takes CAP_CHOWN.</summary>
    public static void ChangeOwner(string path, uint user, uint group) => Check(ChangeOwner(Bytes(path), user, group), path);

    public static void MakeHardLink(string of, string path) => Check(HardLink(CurrentDirectory, Bytes(of), CurrentDirectory, Bytes(path), 0), path);

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var file = Open(Bytes(path), 0x241 /* write, create, truncate */, 0b110_100_100);
        Check(file, path);
        using var handle = new SafeFileHandle(file, ownsHandle: true);
        RandomAccess.Write(handle, content, 0);
    }

    /// <summary>Nanoseconds since 1970, of access and of modification; of a link itself if it is one.</summary>
    public static void SetTimes(string path, long accessed, long modified) =>
        Check(SetTimesAt(CurrentDirectory, Bytes(path), [.. Split(accessed), .. Split(modified)], 0x100), path);

    public static void ExchangeNames(string one, string other) =>
        Check(Rename(CurrentDirectory, Bytes(one), CurrentDirectory, Bytes(other), Exchange), one);

    /// <summary>As chattr does. Takes CAP_LINUX_IMMUTABLE.</summary>
    public static void SetImmutable(string path, bool on)
    {
        var file = Open(Bytes(path), 0, 0);
        Check(file, path);
        using var handle = new SafeFileHandle(file, ownsHandle: true);
        Check(Control(file, SetFlags, on ? Immutable : 0), path);
    }

    /// <summary>For the calling thread alone: whether files let it in is judged by another user's rights, and it has no capability.</summary>
    public static void ActAs(int user)
    {
        SetFileUser(user);
        Check(SetCapabilities([0x20080522, 0], new int[6]), "capset");
    }

    /// <summary>Makes a directory in an open one and opens it.</summary>
    public static SafeFileHandle Descend(SafeFileHandle directory, string name)
    {
        var at = (int)directory.DangerousGetHandle();
        Check(MakeDirectoryAt(at, Bytes(name), 0b111_101_101), name);
        var child = OpenAt(at, Bytes(name), 0x280000 /* a path, closed on exec */, 0);
        Check(child, name);
        return new SafeFileHandle(child, ownsHandle: true);
    }

    public static void WriteAt(SafeFileHandle directory, string name, ReadOnlySpan<byte> content)
    {
        var file = OpenAt((int)directory.DangerousGetHandle(), Bytes(name), 0x241, 0b110_100_100);
        Check(file, name);
        using var handle = new SafeFileHandle(file, ownsHandle: true);
        RandomAccess.Write(handle, content, 0);
    }

    public static SafeFileHandle OpenDirectory(string path)
    {
        var directory = Open(Bytes(path), 0x280000, 0);
        Check(directory, path);
        return new SafeFileHandle(directory, ownsHandle: true);
    }

    /// <summary>For writing: the kernel then lets nobody open the file before its holder was asked to give the lease up. Takes CAP_LEASE, or
    /// to be the file's owner.</summary>
    public static void TakeLease(SafeFileHandle file) => Check(ControlFile((int)file.DangerousGetHandle(), SetLease, WriteLease), "lease");

    public static void GiveUpLease(SafeFileHandle file) => Check(ControlFile((int)file.DangerousGetHandle(), SetLease, NoLease), "lease");

    private static long[] Split(long nanoseconds)
    {
        var seconds = (long)Math.Floor(nanoseconds / 1e9m);
        return [seconds, nanoseconds - (seconds * 1_000_000_000)];
    }

    private static void Check(int result, string path)
    {
        if (result < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetXattr(byte[] path, string name, byte[] value, nuint length, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetXattr(byte[] path, string name, byte[] value, nuint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    private static partial int MakeNode(int directory, byte[] path, uint mode, ulong device);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeDirectoryAt(int directory, byte[] path, uint mode);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymbolicLink(byte[] target, int directory, byte[] path);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static partial int ChangeOwner(byte[] path, uint user, uint group);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int HardLink(int fromDirectory, byte[] from, int directory, byte[] path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte[] path, int flags, uint mode);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, byte[] path, int flags, uint mode);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(int[] header, int[] data);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int SetTimesAt(int directory, byte[] path, long[] times, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static partial int Rename(int fromDirectory, byte[] from, int toDirectory, byte[] to, uint flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, in int value);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlFile(int file, int command, int value);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "setfsuid", SetLastError = true)]
    private static partial int SetFileUser(int user);
}
