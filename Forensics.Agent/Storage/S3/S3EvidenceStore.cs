using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Storage.S3;

/// <summary>A folder (key prefix) in a bucket.</summary>
internal sealed class S3EvidenceStore : IEvidenceStore
{
    private readonly IObjectApi _api;
    private readonly string _prefix;
    private readonly long _partSize;
    private readonly SlabPool _slabs;
    private readonly ILogger _logger;

    /// <param name="location"><c>s3://bucket/prefix/</c></param>
    /// <param name="prefix">The same without the bucket: <c>prefix/</c>.</param>
    public S3EvidenceStore(IObjectApi api, string location, string prefix, S3Options options, ILogger logger)
    {
        _api = api;
        Location = location;
        _prefix = prefix;
        _partSize = (long)options.PartSizeMiB * SlabPool.SlabLength;
        // One part is filled while the others travel.
        _slabs = new SlabPool((options.Concurrency + 1) * options.PartSizeMiB);
        _logger = logger;
    }

    public string Location { get; }

    public Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IEvidenceWriter>(
            new S3EvidenceWriter(
                _api, _prefix + EvidenceName.Checked(name), _slabs, _partSize, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, _logger));
    }

    public void Dispose() => _api.Dispose();
}
