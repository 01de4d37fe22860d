using System.Buffers;
using System.Text;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Capture;

/// <summary>diff.txt: lines as <c>docker diff</c> prints them, <c>A /path</c>, <c>C /path</c>, <c>D /path</c>, names escaped.</summary>
internal sealed class DiffLines(ByteSink sink)
{
    private const int FlushAt = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _lines = new();

    /// <summary>True until there is a line.</summary>
    public bool IsEmpty { get; private set; } = true;

    public async ValueTask AppendAsync(FileChange change, CancellationToken cancellationToken)
    {
        IsEmpty = false;
        Encoding.UTF8.GetBytes($"{Letter(change.Kind)} {EscapedText.Of(change.Path)}\n", _lines);
        if (_lines.WrittenCount >= FlushAt) await FlushAsync(cancellationToken);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await sink(_lines.WrittenMemory, cancellationToken);
        _lines.ResetWrittenCount();
    }

    private static char Letter(ChangeKind kind) => kind switch { ChangeKind.Added => 'A', ChangeKind.Deleted => 'D', _ => 'C' };
}
