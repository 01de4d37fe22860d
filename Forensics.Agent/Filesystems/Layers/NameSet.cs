using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The names that the layers above had when they were listed, by 16 bytes each, as far as the budget goes.</summary>
internal sealed class NameSet(NameBudget budget)
{
    // More is not kept for the next directory.
    private const int MostKept = 1024;

    private HashSet<UInt128>? _fingerprints;
    private int _names;
    private int _directories;

    /// <summary>Some name of a directory is not in it.</summary>
    public bool LacksDirectories { get; private set; }

    public void Clear()
    {
        budget.GiveBack(_names, _directories);
        if (_fingerprints?.Count > MostKept) _fingerprints = null;
        else _fingerprints?.Clear();
        (_names, _directories, LacksDirectories) = (0, 0, false);
    }

    /// <param name="mayBeDirectory">Such names have a budget of their own: to forget one costs more.</param>
    public void Add(ReadOnlySpan<byte> name, bool mayBeDirectory)
    {
        var fingerprint = Fingerprint(name);
        if (_fingerprints?.Contains(fingerprint) == true) return;
        if (mayBeDirectory ? budget.TryTakeDirectory() : budget.TryTakeName())
        {
            (_fingerprints ??= []).Add(fingerprint);
            if (mayBeDirectory) _directories++;
            else _names++;
        }
        else
        {
            LacksDirectories |= mayBeDirectory;
        }
    }

    public bool Contains(ReadOnlySpan<byte> name) => _fingerprints?.Contains(Fingerprint(name)) == true;

    /// <summary>SHA-256 cut to 128 bits: an attacker must not be able to make two names look like one.</summary>
    private static UInt128 Fingerprint(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
