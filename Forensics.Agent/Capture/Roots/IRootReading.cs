using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>One way of reading a container's root file system as an archive. Used once.</summary>
internal interface IRootReading
{
    ExportMethod Method { get; }

    /// <summary>Why it is not the other way, for a person; null if nobody needs to be told.</summary>
    string? Why { get; }

    /// <summary>The archive. A piece is valid until the next; what came before an error comes before the error.</summary>
    /// <param name="inspect">Is given each piece before it is yielded.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Inspection? inspect, CancellationToken cancellationToken);

    /// <summary>What was learnt, when the archive has been read to its end.</summary>
    /// <param name="check">What followed it.</param>
    Task<ArtifactFindings> FinishAsync(ExportCheck check, CancellationToken cancellationToken);
}
