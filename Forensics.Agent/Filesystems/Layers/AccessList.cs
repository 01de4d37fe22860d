using System.Buffers.Binary;
using System.Buffers.Text;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>An access control list as the kernel keeps it (<c>system.posix_acl_access</c>, <c>system.posix_acl_default</c>), in the
/// text that archives have: <c>user::rw-,user:1000:r--,group::r--,mask::r--,other::---</c>. Ids stay numbers: the names are the
/// container's, not the node's.</summary>
internal static class AccessList
{
    private const uint Version = 2;
    private const int HeaderLength = 4;
    private const int EntryLength = 8;

    /// <summary>False, with the text incomplete, if the bytes are no list that the text can say.</summary>
    public static bool TryToText(ReadOnlySpan<byte> list, ByteBuffer text)
    {
        text.Clear();
        if (list.Length < HeaderLength + EntryLength || (list.Length - HeaderLength) % EntryLength != 0) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(list) != Version) return false;
        for (var entries = list[HeaderLength..]; !entries.IsEmpty; entries = entries[EntryLength..])
        {
            if (!TryAppend(entries, text)) return false;
        }

        return true;
    }

    private static bool TryAppend(ReadOnlySpan<byte> entry, ByteBuffer text)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(entry);
        var rights = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
        var name = tag switch
        {
            0x01 or 0x02 => "user:"u8,
            0x04 or 0x08 => "group:"u8,
            0x10 => "mask:"u8,
            0x20 => "other:"u8,
            _ => default,
        };
        if (name.IsEmpty || rights > 7) return false;

        if (text.Length > 0) text.Append((byte)',');
        text.Append(name);
        if (tag is 0x02 or 0x08)
        {
            Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), text.GetSpan(10), out var digits);
            text.Advance(digits);
        }

        text.Append([(byte)':', Right(rights, 4, 'r'), Right(rights, 2, 'w'), Right(rights, 1, 'x')]);
        return true;
    }

    private static byte Right(ushort rights, int bit, char letter) => (byte)((rights & bit) != 0 ? letter : '-');
}
