using System.Buffers;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Storage.S3;

/// <summary>One PUT if the object fits one part, a multipart upload otherwise. Parts travel while the next one is filled.</summary>
/// <param name="memory">Bytes that this process may hold.</param>
internal sealed class S3EvidenceWriter(IObjectApi api, string key, SlabPool slabs, long firstPartSize, long memory, ILogger logger)
    : IEvidenceWriter
{
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _discard = new();

    /// <summary>ETags to come, in the order of the parts.</summary>
    private readonly List<Task<string>> _parts = [];

    /// <summary>The part being filled.</summary>
    private Part? _filling;
    private string? _uploadId;
    private long _sent;
    private bool _committed;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        while (!bytes.IsEmpty)
        {
            // A full part has waited for this byte: an object of exactly one part is still a single PUT.
            if (_filling is { IsFull: true }) await SendPartAsync(cancellationToken);
            _filling ??= NextPart();
            if (_filling.NeedsSlab) _filling.Add(await slabs.RentAsync(cancellationToken));
            bytes = bytes[_filling.Fill(bytes.Span)..];
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        if (_uploadId is null)
        {
            await api.PutAsync(key, _filling?.ToSequence() ?? ReadOnlySequence<byte>.Empty, cancellationToken);
        }
        else
        {
            if (_filling is not null) await SendPartAsync(cancellationToken);
            var etags = await Task.WhenAll(_parts).WaitAsync(cancellationToken);
            await api.CompleteUploadAsync(key, _uploadId, etags, cancellationToken);
        }

        _committed = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_filling is not null) slabs.Return(_filling.Slabs);
        _filling = null;
        if (!_committed && _uploadId is not null) await DiscardAsync(_uploadId);
        _discard.Dispose();
    }

    /// <summary>Refused rather than tried if it cannot be held: whoever is killed for want of memory says nothing.</summary>
    private Part NextPart()
    {
        var size = PartSizes.Of(_parts.Count + 1, _sent, firstPartSize);
        return size <= Math.Max(2 * firstPartSize, memory / 4)
            ? new Part(size)
            : throw new StoreException(
                Reasons.StoreFailed,
                $"{key} has passed {_sent >> 30} GiB; from there on S3 takes only parts that are larger than this process may hold in memory. "
                + $"Give the agent a memory limit of {6 * (size >> 20)} MiB or more (the deployment's PodTemplate), or store it compressed.");
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Find(part => part.IsFaulted) is { } failed) await failed;
        _uploadId ??= await api.BeginUploadAsync(key, cancellationToken);
        var part = _filling!;
        _filling = null;
        _sent += part.Length;
        slabs.SetOut(part.Slabs);
        _parts.Add(UploadAsync(_parts.Count + 1, part));
    }

    private async Task<string> UploadAsync(int number, Part part)
    {
        try
        {
            return await api.UploadPartAsync(key, _uploadId!, number, part.ToSequence(), _discard.Token);
        }
        finally
        {
            slabs.ReturnFromUpload(part.Slabs);
        }
    }

    /// <summary>The token is a fresh one: whoever cancelled the capture still wants the upload gone, since S3 bills for it.
    /// Parts under way are ended first; one that arrived after the abort would stay.</summary>
    private async Task DiscardAsync(string uploadId)
    {
        await _discard.CancelAsync();
        await Task.WhenAll(_parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        using var fresh = new CancellationTokenSource(AbortTime);
        try
        {
            await api.AbortUploadAsync(key, uploadId, fresh.Token);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            logger.UploadNotAborted(key, uploadId, e.Message);
        }
    }

    private void ThrowIfCommitted()
    {
        if (_committed) throw new InvalidOperationException($"{key} is committed.");
    }
}
