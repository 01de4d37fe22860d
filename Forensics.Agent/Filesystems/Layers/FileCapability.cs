using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Rights that a program file gives to whoever runs it.</summary>
internal static class FileCapability
{
    // The kernel's vfs_ns_cap_data.
    private const int Longest = 24;

    public static bool IsSame(int directory, int otherDirectory, ReadOnlySpan<byte> name)
    {
        Span<byte> one = stackalloc byte[Longest];
        Span<byte> other = stackalloc byte[Longest];
        return one[..Read(directory, name, one)].SequenceEqual(other[..Read(otherDirectory, name, other)]);
    }

    private static int Read(int directory, ReadOnlySpan<byte> name, Span<byte> capability)
    {
        var held = FileCalls.Open(directory, name, OpenFlags.AsItIs);
        if (held < 0) return 0;
        var length = FileCalls.GetAttribute(new DescriptorPath(held).Span, "security.capability\0"u8, capability);
        FileCalls.Close(held);
        return Math.Max(length, 0);
    }
}
