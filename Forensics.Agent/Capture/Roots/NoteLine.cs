using System.Buffers;
using System.Text;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Agent.Capture.Roots;

/// <summary>One note as a line of JSON. What a field means is in docs/evidence.md.</summary>
internal sealed class NoteLine
{
    private readonly IBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly JsonText _text;

    public NoteLine(IBufferWriter<byte> output)
    {
        _output = output;
        _text = new JsonText(_line);
    }

    /// <returns>Bytes written.</returns>
    public int Write(ArchiveNote note)
    {
        _line.ResetWrittenCount();
        _line.Write("{\"note\":\""u8);
        _line.Write(Encoding.ASCII.GetBytes(note.Kind.ToString()));
        _line.Write("\",\"path\":"u8);
        _text.Write(ArchivePath.Trim(note.Path), slash: true);
        WriteNumber(",\"errno\":"u8, note.Errno);
        WriteNumber(",\"offset\":"u8, note.Length > 0 ? note.Offset : 0);
        WriteNumber(",\"length\":"u8, note.Length);
        _line.Write("}\n"u8);
        _output.Write(_line.WrittenSpan);
        return _line.WrittenCount;
    }

    private void WriteNumber(ReadOnlySpan<byte> field, long number)
    {
        if (number == 0) return;
        _line.Write(field);
        _line.WriteDecimal(number);
    }
}
