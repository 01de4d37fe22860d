using System.Runtime.InteropServices;

namespace Forensics.Agent.Filesystems.Linux;

/// <summary>System calls on files whose names are bytes. Nothing is allocated and nothing thrown: what fails returns the error
/// number, negative. A name ends in a zero byte that is part of its span.</summary>
internal static unsafe class FileCalls
{
    /// <summary>Stands for the descriptor itself where a name in a directory is asked for.</summary>
    public static ReadOnlySpan<byte> Itself => "\0"u8;

    public const int NoDescriptor = -1;

    public const int CurrentDirectory = -100;

    private const int AtEmptyPath = 0x1000;
    private const int AtNoFollow = 0x100;
    private const int AtNoAutomount = 0x800;
    private const uint BasicAndBirth = 0xFFF;
    private const int SeekSet = 0;
    private const int SeekData = 3;
    private const int SeekHole = 4;

    /// <param name="directory">Null to begin at the root of our own file system.</param>
    public static int Open(int? directory, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* path = name)
        {
            int descriptor;
            while ((descriptor = Libc.OpenAt(directory ?? CurrentDirectory, path, flags, 0)) < 0 && LastError == Errno.Interrupted)
            {
            }

            return descriptor >= 0 ? descriptor : -LastError;
        }
    }

    public static void Close(int descriptor)
    {
        if (descriptor >= 0) _ = Libc.Close(descriptor);
    }

    public static int Status(int directory, ReadOnlySpan<byte> name, out FileStatus status)
    {
        fixed (byte* path = name)
        fixed (FileStatus* target = &status)
        {
            return Libc.Statx(directory, path, AtEmptyPath | AtNoFollow | AtNoAutomount, BasicAndBirth, target) == 0 ? 0 : -LastError;
        }
    }

    /// <returns>Bytes of the kernel's <c>struct linux_dirent64</c>; 0 at the end.</returns>
    public static int List(int directory, Span<byte> buffer)
    {
        fixed (byte* target = buffer) return Result(Libc.ReadDirectory(directory, target, (nuint)buffer.Length));
    }

    /// <param name="link">A symbolic link that was opened as it is.</param>
    public static int ReadLink(int link, Span<byte> buffer)
    {
        fixed (byte* path = Itself)
        fixed (byte* target = buffer) return Result(Libc.ReadLinkAt(link, path, target, (nuint)buffer.Length));
    }

    /// <returns>Bytes of names, each with its zero byte.</returns>
    public static int ListAttributes(int descriptor, Span<byte> names)
    {
        fixed (byte* target = names) return Result(Libc.ListAttributes(descriptor, target, (nuint)names.Length));
    }

    /// <returns>The value's length.</returns>
    public static int GetAttribute(int descriptor, ReadOnlySpan<byte> name, Span<byte> value)
    {
        fixed (byte* key = name)
        fixed (byte* target = value) return Result(Libc.GetAttribute(descriptor, key, target, (nuint)value.Length));
    }

    /// <inheritdoc cref="ListAttributes(int, Span{byte})"/>
    public static int ListAttributes(ReadOnlySpan<byte> path, Span<byte> names)
    {
        fixed (byte* of = path)
        fixed (byte* target = names) return Result(Libc.ListAttributesOf(of, target, (nuint)names.Length));
    }

    /// <inheritdoc cref="GetAttribute(int, ReadOnlySpan{byte}, Span{byte})"/>
    public static int GetAttribute(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> value)
    {
        fixed (byte* of = path)
        fixed (byte* key = name)
        fixed (byte* target = value) return Result(Libc.GetAttributeOf(of, key, target, (nuint)value.Length));
    }

    /// <returns>Bytes read; 0 at the file's end.</returns>
    public static int Read(int descriptor, Span<byte> buffer, long offset, ReadFlags flags)
    {
        fixed (byte* target = buffer)
        {
            var vector = new Libc.IoVector { Base = target, Length = (nuint)buffer.Length };
            nint read;
            while ((read = Libc.ReadAt(descriptor, &vector, 1, offset, (int)flags)) < 0 && LastError == Errno.Interrupted)
            {
            }

            return Result(read);
        }
    }

    /// <returns>Where data begins at or after the offset.</returns>
    public static long FindData(int descriptor, long offset) => Seek(descriptor, offset, SeekData);

    /// <returns>Where data ends after the offset.</returns>
    public static long FindHole(int descriptor, long offset) => Seek(descriptor, offset, SeekHole);

    /// <summary>Goes on listing where an entry ended.</summary>
    public static long SeekInDirectory(int directory, long position) => Seek(directory, position, SeekSet);

    /// <summary>A hint: whether the kernel takes it does not matter.</summary>
    public static void Advise(int descriptor, long length, ReadAdvice advice) => _ = Libc.Advise(descriptor, 0, length, (int)advice);

    private static long Seek(int descriptor, long offset, int whence)
    {
        var position = Libc.Seek(descriptor, offset, whence);
        return position >= 0 ? position : -LastError;
    }

    private static int Result(nint value) => value >= 0 ? (int)value : -LastError;

    public static int LastError => Marshal.GetLastPInvokeError();
}

/// <summary>As in <c>preadv2</c>.</summary>
[Flags]
internal enum ReadFlags
{
    None = 0,

    /// <summary>Only what is in the page cache.</summary>
    NoWait = 8,

    /// <summary>What the read itself brings into the page cache leaves it again (Linux 6.14).</summary>
    DontCache = 0x80,
}

/// <summary>As in <c>posix_fadvise</c>.</summary>
internal enum ReadAdvice
{
    Sequential = 2,
    WillNeed = 3,
    DontNeed = 4,
}
