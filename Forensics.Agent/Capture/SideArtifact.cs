using System.Buffers;
using System.IO.Pipelines;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>An artifact that is made while another one is read. What is written to it is stored by a task of its own, a MiB behind
/// at most. If the store refuses it, the rest of it is dropped, and the artifact beside it goes on.</summary>
internal sealed class SideArtifact
{
    private const int Behind = 1 << 20;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: Behind, resumeWriterThreshold: Behind / 2, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false));
    private readonly Task<ArtifactRecord> _recording;
    private RuntimeException? _cut;

    /// <param name="record">Stores what the reading yields, and comes back with the record of it.</param>
    public SideArtifact(Func<ArtifactReading, Task<ArtifactRecord>> record) => _recording = RecordAsync(record);

    /// <summary>Takes the next bytes; they go on with the next <see cref="FlushAsync"/>.</summary>
    public IBufferWriter<byte> Bytes => _pipe.Writer;

    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await _pipe.Writer.FlushAsync(cancellationToken);

    /// <summary>To be called once, when the other artifact is done.</summary>
    /// <param name="other">The record of the other artifact if it broke off before this one was whole; null otherwise.</param>
    public async Task<ArtifactRecord> EndAsync(ArtifactRecord? other)
    {
        if (other is not null)
        {
            _cut = new RuntimeException(
                other.Reason!, $"It is made while {other.Name} is read, which did not come to its end: {other.Message}")
            { IsCut = true };
        }

        await _pipe.Writer.CompleteAsync();
        return await _recording;
    }

    private async Task<ArtifactRecord> RecordAsync(Func<ArtifactReading, Task<ArtifactRecord>> record)
    {
        try
        {
            return await record(ReadAsync);
        }
        finally
        {
            // Whoever still writes is no longer held up.
            await _pipe.Reader.CompleteAsync();
        }
    }

    private async Task<ArtifactFindings> ReadAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        ReadResult result;
        do
        {
            result = await _pipe.Reader.ReadAsync(cancellationToken);
            foreach (var piece in result.Buffer) await sink(piece, cancellationToken);
            _pipe.Reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        return _cut is null ? ArtifactFindings.Whole : throw _cut;
    }
}
