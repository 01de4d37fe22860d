using System.Buffers;
using System.Text;

namespace Forensics.Agent.Filesystems;

/// <summary>A path as archives write it: relative to the root, perhaps with <c>./</c> before and a slash behind.</summary>
internal static class ArchivePath
{
    /// <summary>The bare path; empty for the root itself.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> name)
    {
        var bare = (name.StartsWith("./"u8) ? name[2..] : name).Trim((byte)'/');
        return bare.SequenceEqual("."u8) ? [] : bare;
    }

    /// <summary>The daemon's JSON, written by Go, has U+FFFD for each byte that is not UTF-8; the archive has the bytes.</summary>
    public static byte[] AsGoWrites(ReadOnlySpan<byte> text)
    {
        var written = new ArrayBufferWriter<byte>((text.Length * 3) + 1);
        while (!text.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done;
            written.Write(isText ? text[..length] : "\uFFFD"u8);
            text = text[(isText ? length : 1)..];
        }

        return written.WrittenSpan.ToArray();
    }
}
