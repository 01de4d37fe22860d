using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Storage.S3;

/// <summary>One PUT if the object fits one part, a multipart upload otherwise. Parts travel while the next one is filled.</summary>
internal sealed class S3EvidenceWriter(IObjectApi api, string key, PartBuffers buffers, int firstPartSize, ILogger logger)
    : IEvidenceWriter
{
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _discard = new();

    /// <summary>ETags to come, in the order of the parts.</summary>
    private readonly List<Task<string>> _parts = [];

    /// <summary>The part being filled.</summary>
    private PartBuffer? _filling;
    private string? _uploadId;
    private long _sent;
    private bool _committed;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        while (!bytes.IsEmpty)
        {
            _filling ??= await buffers.RentAsync(PartSizes.At(_sent, firstPartSize), cancellationToken);
            bytes = bytes[_filling.Fill(bytes.Span)..];
            // A full part waits for the next byte: an object of exactly one part is still a single PUT.
            if (_filling.IsFull && !bytes.IsEmpty) await SendPartAsync(cancellationToken);
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        if (_uploadId is null)
        {
            await api.PutAsync(key, _filling?.Written ?? ReadOnlyMemory<byte>.Empty, cancellationToken);
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
        if (_filling is not null) buffers.Return(_filling);
        _filling = null;
        if (!_committed && _uploadId is not null) await DiscardAsync(_uploadId);
        _discard.Dispose();
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Find(part => part.IsFaulted) is { } failed) await failed;
        _uploadId ??= await api.BeginUploadAsync(key, cancellationToken);
        var part = _filling!;
        _filling = null;
        _sent += part.Written.Length;
        _parts.Add(UploadAsync(_parts.Count + 1, part));
    }

    private async Task<string> UploadAsync(int number, PartBuffer part)
    {
        try
        {
            return await api.UploadPartAsync(key, _uploadId!, number, part.Written, _discard.Token);
        }
        finally
        {
            buffers.Return(part);
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
