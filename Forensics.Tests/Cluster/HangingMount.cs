using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A file system that stops answering, as a network's does whose server is gone: FUSE with hardly anybody behind it.</summary>
internal sealed partial class HangingMount : IDisposable
{
    private const int Detach = 2;

    private readonly TemporaryFolder _parent = new();
    private readonly FileStream _device = new("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    /// <param name="isKnown">True if it answers that its root is a directory, and nothing after that; false if it never answers at all.</param>
    public HangingMount(bool isKnown)
    {
        Directory.CreateDirectory(Path);
        var options = $"fd={_device.SafeFileHandle.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0";
        if (Mount("fuse", Path, "fuse", 0, options) != 0) throw new Win32Exception();
        if (isKnown) new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>Whoever asks about it waits.</summary>
    public string Path => System.IO.Path.Combine(_parent.Path, "hangs");

    public void Dispose()
    {
        if (Unmount(Path, Detach) != 0) throw new Win32Exception();
        _device.Dispose(); // Whoever still waits is told that nobody is there.
        _parent.Dispose();
    }

    private void Serve()
    {
        var request = new byte[64 * 1024];
        try
        {
            // No further request is taken off the kernel's hands: whoever waits for one that was cannot even be killed.
            for (var isKnown = false; !isKnown && _device.Read(request) > 0; isKnown = Fuse.IsAboutAttributes(request)) _device.Write(Fuse.AnswerTo(request));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Unmounted.
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);

    /// <summary>As much of the kernel's protocol as says that there is a root, and that it is an empty directory. Source: linux/fuse.h.</summary>
    private static class Fuse
    {
        private const int GetAttributes = 3;
        private const int Initialise = 26;
        private const int NotImplemented = -38;

        // All of a request begins with its length, what is asked for, and a number that the answer repeats.
        private const int OpcodeAt = 4;
        private const int UniqueAt = 8;
        private const int AnswerHeader = 16;

        // Version 7.12, whose answers are short.
        private const int InitialLength = 24;
        private const int AttributesLength = 104;

        public static bool IsAboutAttributes(ReadOnlySpan<byte> request) => OpcodeOf(request) == GetAttributes;

        public static byte[] AnswerTo(ReadOnlySpan<byte> request)
        {
            switch (OpcodeOf(request))
            {
                case Initialise:
                    var initial = Answer(request, InitialLength, error: 0);
                    BinaryPrimitives.WriteUInt32LittleEndian(initial.AsSpan(AnswerHeader), 7);
                    BinaryPrimitives.WriteUInt32LittleEndian(initial.AsSpan(AnswerHeader + 4), 12);
                    return initial;
                case GetAttributes:
                    var attributes = Answer(request, AttributesLength, error: 0);
                    BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(AnswerHeader), 3600); // Seconds for which nobody need ask again.
                    const int attributesAt = AnswerHeader + 16, modeAt = attributesAt + 60, linksAt = modeAt + 4;
                    BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(attributesAt), 1); // The root's inode.
                    BinaryPrimitives.WriteUInt32LittleEndian(attributes.AsSpan(modeAt), 0x41ED); // A directory, 0755.
                    BinaryPrimitives.WriteUInt32LittleEndian(attributes.AsSpan(linksAt), 2);
                    return attributes;
                default:
                    return Answer(request, 0, NotImplemented);
            }
        }

        private static int OpcodeOf(ReadOnlySpan<byte> request) => BinaryPrimitives.ReadInt32LittleEndian(request[OpcodeAt..]);

        private static byte[] Answer(ReadOnlySpan<byte> request, int length, int error)
        {
            var answer = new byte[AnswerHeader + length];
            BinaryPrimitives.WriteInt32LittleEndian(answer, answer.Length);
            BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(4), error);
            request.Slice(UniqueAt, 8).CopyTo(answer.AsSpan(8));
            return answer;
        }
    }
}
