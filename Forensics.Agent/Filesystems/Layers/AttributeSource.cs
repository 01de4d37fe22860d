using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>A descriptor whose extended attributes can be asked for. One that is not open for reading is asked by its path in
/// /proc, which leads to the very file that is held, be it a link.</summary>
internal readonly struct AttributeSource(int descriptor, bool isPathOnly)
{
    public int List(Span<byte> names) => isPathOnly
        ? FileCalls.ListAttributes(new DescriptorPath(descriptor).Span, names)
        : FileCalls.ListAttributes(descriptor, names);

    public int Get(ReadOnlySpan<byte> name, Span<byte> value) => isPathOnly
        ? FileCalls.GetAttribute(new DescriptorPath(descriptor).Span, name, value)
        : FileCalls.GetAttribute(descriptor, name, value);
}

/// <summary><c>/proc/self/fd/N</c>, with a zero byte at its end.</summary>
[InlineArray(32)]
internal struct DescriptorPath
{
    private byte _first;

    public DescriptorPath(int descriptor)
    {
        Span<byte> path = this;
        path.Clear();
        Folder.CopyTo(path);
        Utf8Formatter.TryFormat(descriptor, path[Folder.Length..], out _);
    }

    private static ReadOnlySpan<byte> Folder => "/proc/self/fd/"u8;

    /// <summary>The whole path.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => this;

    /// <summary>The name in that folder.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Number => Span[Folder.Length..];
}
