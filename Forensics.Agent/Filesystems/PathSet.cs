using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Forensics.Agent.Filesystems;

/// <summary>Paths by their fingerprints: 16 bytes each however long, since a container may have changed a million.</summary>
internal sealed class PathSet
{
    private readonly HashSet<UInt128> _fingerprints = [];

    public int Count => _fingerprints.Count;

    public void Add(string path) => _fingerprints.Add(Fingerprint(Encoding.UTF8.GetBytes(path)));

    /// <param name="path">As an archive has it: relative, raw, perhaps with a slash at its end.</param>
    public bool Remove(ReadOnlySpan<byte> path) => _fingerprints.Count > 0 && _fingerprints.Remove(Fingerprint(path));

    public bool Contains(string path) => _fingerprints.Contains(Fingerprint(Encoding.UTF8.GetBytes(path)));

    /// <summary>SHA-256 cut to 128 bits: an attacker must not be able to make two paths look like one.</summary>
    private static UInt128 Fingerprint(ReadOnlySpan<byte> path)
    {
        var trimmed = (path.StartsWith("./"u8) ? path[2..] : path).Trim((byte)'/');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(IsUtf8(trimmed) ? trimmed : AsGoWrites(trimmed), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static bool IsUtf8(ReadOnlySpan<byte> text) => System.Text.Unicode.Utf8.IsValid(text);

    /// <summary>The daemon's JSON, written by Go, has U+FFFD for each byte that is not UTF-8; the archive has the bytes.</summary>
    private static byte[] AsGoWrites(ReadOnlySpan<byte> text)
    {
        var written = new ArrayBufferWriter<byte>(text.Length * 3);
        while (!text.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done;
            written.Write(isText ? text[..length] : "\uFFFD"u8);
            text = text[(isText ? length : 1)..];
        }

        return written.WrittenSpan.ToArray();
    }
}
