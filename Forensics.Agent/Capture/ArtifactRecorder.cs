using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.Compressing;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Capture;

/// <summary>Takes an artifact's next bytes.</summary>
internal delegate ValueTask ByteSink(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

/// <summary>Reads one artifact into the sink and says what it learnt of it.</summary>
internal delegate Task<ArtifactFindings> ArtifactReading(ByteSink sink, CancellationToken cancellationToken);

/// <summary>Stores one artifact and always comes back with a record of how that went, so that no artifact can be silently absent
/// and none stops the others. The one place where failures become states.</summary>
internal sealed class ArtifactRecorder(
    IEvidenceStore store, ProgressReporter progress, CaptureLifetime lifetime, TimeProvider clock, ILogger logger)
{
    /// <param name="container">Name of the container it is of; null for the pod's own.</param>
    public async Task<ArtifactRecord> RecordAsync(
        string name, string type, string? container, ArtifactReading read, CompressionKind compression = CompressionKind.None)
    {
        progress.Begin(container, name);
        var record = await AttemptAsync(
            new ArtifactRecord { Name = name, Type = type, StartedAt = clock.GetUtcNow() }, read, compression);
        record = record with { FinishedAt = clock.GetUtcNow() };
        if (record.State == CaptureState.Captured) logger.ArtifactDone(record.State, name, record.Bytes ?? 0);
        else logger.ArtifactNotWhole(record.State, name, record.Reason ?? "", record.Message ?? "");
        progress.Done();
        return record;
    }

    /// <summary>Records what is left out by a rule of docs/evidence.md.</summary>
    public ArtifactRecord Skip(string name, string type, string reason, string message)
    {
        progress.Begin(null, name);
        var now = clock.GetUtcNow();
        logger.ArtifactLeftOut(name, reason, message);
        progress.Done();
        return new ArtifactRecord
        {
            Name = name,
            Type = type,
            State = CaptureState.Skipped,
            Reason = reason,
            Message = message,
            StartedAt = now,
            FinishedAt = now,
        };
    }

    private async Task<ArtifactRecord> AttemptAsync(ArtifactRecord record, ArtifactReading read, CompressionKind compression)
    {
        if (lifetime.Stopped is { } stopped) return Failed(record, stopped.Reason, stopped.Message);
        try
        {
            return compression == CompressionKind.None
                ? await StoreAsync(record, read, lifetime.Reading)
                : await StoreCompressedAsync(record, read, compression, lifetime.Reading);
        }
        catch (RuntimeException e) when (e.Reason is Reasons.LogsUnavailable or Reasons.ImageGone or Reasons.VolumeReleased)
        {
            return record with { State = CaptureState.Skipped, Reason = e.Reason, Message = e.Message };
        }
        catch (RuntimeException e)
        {
            return Failed(record, e.Reason, e.Message);
        }
        catch (StoreException e)
        {
            // Against a store that is gone every further attempt would only take time.
            if (e.Reason is Reasons.AccessDenied or Reasons.BucketNotFound or Reasons.StoreUnreachable) lifetime.Stop(e.Reason, e.Message);
            return Failed(record, e.Reason, e.Message);
        }
        catch (OperationCanceledException) when (lifetime.Stopped is not null)
        {
            return Failed(record, lifetime.Stopped.Reason, lifetime.Stopped.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What nobody foresaw, too little memory among it, must cost this artifact alone: without a manifest all the others are worth little.
            return Failed(record, Reasons.AgentFailed, $"The agent failed: {e.GetType().Name}: {EscapedText.Of(e.Message)}");
        }
    }

    private async Task<ArtifactRecord> StoreAsync(ArtifactRecord record, ArtifactReading read, CancellationToken cancellationToken)
    {
        await using var writer = new HashingWriter(record.Name, await store.CreateAsync(record.Name, cancellationToken));
        var findings = await WriteAsync(writer, read, cancellationToken);
        return Stored(record, findings, writer.Stored);
    }

    /// <summary>Hashed twice: what is read, and what is stored of it.</summary>
    private async Task<ArtifactRecord> StoreCompressedAsync(
        ArtifactRecord record, ArtifactReading read, CompressionKind compression, CancellationToken cancellationToken)
    {
        var stored = new HashingWriter(record.Name, await store.CreateAsync(record.Name, cancellationToken));
        await using var writer = new HashingWriter(record.Name, Compressors.To(stored, compression));
        var findings = await WriteAsync(writer, read, cancellationToken);
        return Stored(record, findings, stored.Stored) with
        {
            Compression = compression,
            UncompressedBytes = writer.Stored.Bytes,
            UncompressedSha256 = writer.Stored.Sha256,
        };
    }

    private async Task<ArtifactFindings> WriteAsync(HashingWriter writer, ArtifactReading read, CancellationToken cancellationToken)
    {
        ArtifactFindings findings;
        try
        {
            findings = await read(MeteredSink(writer), cancellationToken);
        }
        catch (RuntimeException e) when (e.IsCut && writer.Bytes > 0)
        {
            // Half of the evidence is better than none.
            findings = new ArtifactFindings { Reason = e.Reason, Message = e.Message };
        }

        await writer.CommitAsync(cancellationToken);
        return findings;
    }

    private ByteSink MeteredSink(HashingWriter writer) => async (bytes, cancellationToken) =>
    {
        await writer.WriteAsync(bytes, cancellationToken);
        progress.Read(bytes.Length);
    };

    private static ArtifactRecord Stored(ArtifactRecord record, ArtifactFindings findings, StoredObject stored) => record with
    {
        State = findings.Reason is null ? CaptureState.Captured : CaptureState.Partial,
        Reason = findings.Reason,
        Message = findings.Message,
        Bytes = stored.Bytes,
        Sha256 = stored.Sha256,
        Entries = findings.Entries,
        ChangedWhileRead = findings.ChangedWhileRead,
        Unreadable = findings.Unreadable,
        PathsInAll = findings.PathsInAll,
        Method = findings.Method,
        MethodReason = findings.MethodReason,
        Tally = findings.Tally,
    };

    private static ArtifactRecord Failed(ArtifactRecord record, string reason, string message) =>
        record with { State = CaptureState.Failed, Reason = reason, Message = message };
}
