using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The names that the layers above had when they were listed, by 16 bytes each, up to a limit.</summary>
internal sealed class NameSet
{
    private const int Most = 64 * 1024;

    private readonly HashSet<UInt128> _fingerprints = [];

    public void Clear() => _fingerprints.Clear();

    public void Add(ReadOnlySpan<byte> name)
    {
        if (_fingerprints.Count < Most) _fingerprints.Add(Fingerprint(name));
    }

    public bool Contains(ReadOnlySpan<byte> name) => _fingerprints.Contains(Fingerprint(name));

    /// <summary>SHA-256 cut to 128 bits: an attacker must not be able to make two names look like one.</summary>
    private static UInt128 Fingerprint(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
