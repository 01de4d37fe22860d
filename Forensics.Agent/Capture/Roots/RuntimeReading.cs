using System.Runtime.CompilerServices;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>What the runtime itself sends: <c>docker export</c>, byte for byte.</summary>
internal sealed class RuntimeReading(IRuntimeExport export, string id, string? why) : IRootReading
{
    public ExportMethod Method => ExportMethod.Runtime;

    public string? Why => why;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Inspection? inspect, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await export.OpenAsync(id, cancellationToken);
        await foreach (var piece in ReadAhead.ReadAsync(stream, inspect, cancellationToken)) yield return piece;
    }

    public Task<ArtifactFindings> FinishAsync(ExportCheck check, CancellationToken cancellationToken) =>
        check.FinishAsync(() => export.DiffAsync(id, cancellationToken));
}
