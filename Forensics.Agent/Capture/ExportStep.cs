using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>A container's file system in one pass: the archive goes to the store while it is judged, and while the two forms of its
/// inventory are made from it.</summary>
/// <param name="changes">What the diff says is there; null if there is none to hold the archive against.</param>
internal sealed class ExportStep(
    string id, string pod, RootReadings readings, ExportOptions options, ChangedPaths? changes, ContainerRecorder recorder, TimeProvider clock)
{
    /// <summary>True once the archive has been followed to its end mark.</summary>
    private bool _archiveIsWhole;

    public async Task<IReadOnlyList<ArtifactRecord>> RunAsync()
    {
        var notes = readings.TakesLayers ? Beside(EvidenceNames.Notes(pod, id), ArtifactTypes.Notes) : null;
        var lines = Beside(EvidenceNames.Inventory(pod, id), ArtifactTypes.Inventory);
        var bodyfile = Beside(EvidenceNames.Bodyfile(pod, id), ArtifactTypes.Bodyfile);
        var export = await recorder.RecordAsync(
            EvidenceNames.Export(pod, id, options.Compression),
            ArtifactTypes.Export,
            (sink, token) => ReadAsync(readings.Whole(new ArchiveNotes(notes, token)), sink, lines, bodyfile, token),
            options.Compression);

        var brokeOff = _archiveIsWhole ? null : export;
        var records = new List<ArtifactRecord> { export };
        if (notes is not null) records.Add(await notes.EndAsync(brokeOff));
        records.Add(await lines.EndAsync(brokeOff));
        records.Add(await bodyfile.EndAsync(brokeOff));
        return records;
    }

    private SideArtifact Beside(string name, string type) => new(read => recorder.RecordAsync(name, type, read));

    private async Task<ArtifactFindings> ReadAsync(
        IRootReading reading, ByteSink sink, SideArtifact lines, SideArtifact bodyfile, CancellationToken cancellationToken)
    {
        using var inventory = new Inventory(lines.Bytes, bodyfile.Bytes, cancellationToken: cancellationToken);
        var check = new ExportCheck(changes, reading.Method == ExportMethod.Runtime ? clock.GetUtcNow() : null, inventory);
        var judging = new Lock();

        // Judging hashes every file, the sink hashes the whole: each has a processor of its own, if there are two.
        async ValueTask JudgeAsync(ReadOnlyMemory<byte> piece, CancellationToken token)
        {
            lock (judging)
            {
                token.ThrowIfCancellationRequested();
                check.Write(piece.Span);
            }

            await lines.FlushAsync(token);
            await bodyfile.FlushAsync(token);
        }

        try
        {
            await foreach (var piece in reading.ReadAsync(JudgeAsync, cancellationToken)) await sink(piece, cancellationToken);
        }
        catch
        {
            // Whoever gave up on the archive did not wait for what is still being judged.
            lock (judging) inventory.Finish();
            throw;
        }

        var findings = await reading.FinishAsync(check, cancellationToken) with { Method = reading.Method, MethodReason = reading.Why };
        _archiveIsWhole = findings.Reason is not (Reasons.StreamTruncated or Reasons.RuntimeFailed);
        return findings;
    }
}
