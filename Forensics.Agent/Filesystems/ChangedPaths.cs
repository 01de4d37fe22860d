using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems;

/// <summary>What a container changed against its image, by fingerprint: 8 bytes a path however long, since there may be a million.
/// Finds a path by the name that an archive has for it, and knows which were not found yet.</summary>
/// <param name="marks">Of more, no mark is kept: they take memory, and how many there are was chosen by who made them. Null for a budget of its own.</param>
/// <remarks>The fingerprint is keyed with a random number of this process, or an attacker could make two paths look like one.</remarks>
internal sealed class ChangedPaths(MarkBudget? marks = null)
{
    // The lowest bits of a slot are not the fingerprint's; an empty slot is zero.
    private const ulong IsUsed = 1;
    private const ulong IsAdded = 2;
    private const ulong IsSeen = 4;
    private const ulong Fingerprint = ~(IsUsed | IsAdded | IsSeen);
    private const int KeyLength = 16;

    private readonly MarkBudget _marks = marks ?? new MarkBudget();
    private byte[] _keyed = RandomNumberGenerator.GetBytes(KeyLength + 256);
    private ulong[] _slots = new ulong[1024];
    private int _used;

    /// <summary>How many of them were not seen yet.</summary>
    public int Unseen { get; private set; }

    /// <summary>How many were too many to be kept: whether those are there, nobody can say.</summary>
    public long Dropped { get; private set; }

    /// <summary>What that means, for a person; null if none was dropped.</summary>
    public string? DroppedMessage => Dropped == 0 ? null : string.Create(
        CultureInfo.InvariantCulture, $"All changes are here, but the inventory does not mark the last {Dropped} of them, and nobody looked whether the export has them: {MarkBudget.Most} paths of a pod are remembered.");

    public void Add(FileChange change) => Add(change.Kind, Encoding.UTF8.GetBytes(change.Path));

    /// <param name="path">Raw.</param>
    public void Add(ChangeKind kind, ReadOnlySpan<byte> path)
    {
        if (_marks.Left > 0 && _used >= _slots.Length / 4 * 3) Grow();
        var fingerprint = FingerprintOf(path);
        ref var slot = ref Find(fingerprint);
        if (slot != 0) return;
        if (!_marks.TryTake())
        {
            Dropped++;
            return;
        }

        slot = fingerprint | IsUsed | (kind == ChangeKind.Added ? IsAdded : 0);
        _used++;
        Unseen++;
    }

    /// <summary>Notes that the path is there; null if it is as in the image.</summary>
    /// <param name="path">As an archive has it: relative, raw, perhaps with a slash at its end.</param>
    public ChangeKind? See(ReadOnlySpan<byte> path)
    {
        if (_used == 0) return null;
        ref var slot = ref Find(FingerprintOf(path));
        if (slot == 0) return null;
        if ((slot & IsSeen) == 0) Unseen--;
        slot |= IsSeen;
        return (slot & IsAdded) != 0 ? ChangeKind.Added : ChangeKind.Changed;
    }

    /// <summary>They have served: their marks are for others.</summary>
    public void Release()
    {
        _marks.GiveBack(_used);
        (_slots, _used, Unseen) = (new ulong[1], 0, 0);
    }

    public bool IsUnseen(string path)
    {
        var slot = Find(FingerprintOf(Encoding.UTF8.GetBytes(path)));
        return slot != 0 && (slot & IsSeen) == 0;
    }

    /// <summary>The slot that has the fingerprint, or the empty one where it belongs.</summary>
    private ref ulong Find(ulong fingerprint)
    {
        var at = (int)(fingerprint >> 32) & (_slots.Length - 1);
        while (_slots[at] != 0 && (_slots[at] & Fingerprint) != fingerprint) at = (at + 1) & (_slots.Length - 1);
        return ref _slots[at];
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.Length * 2];
        foreach (var slot in old)
            if (slot != 0) Find(slot & Fingerprint) = slot;
    }

    private ulong FingerprintOf(ReadOnlySpan<byte> path)
    {
        var trimmed = ArchivePath.Trim(path);
        if (!Utf8.IsValid(trimmed)) trimmed = ArchivePath.AsGoWrites(trimmed);
        if (_keyed.Length < KeyLength + trimmed.Length) Array.Resize(ref _keyed, KeyLength + (trimmed.Length * 2));
        trimmed.CopyTo(_keyed.AsSpan(KeyLength));

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_keyed.AsSpan(0, KeyLength + trimmed.Length), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) & Fingerprint;
    }
}
