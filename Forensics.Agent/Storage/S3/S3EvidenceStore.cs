using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Storage.S3;

/// <summary>A folder (key prefix) in a bucket.</summary>
internal sealed class S3EvidenceStore : IEvidenceStore
{
    private readonly IObjectApi _api;
    private readonly string _prefix;
    private readonly int _partSize;
    private readonly PartBuffers _buffers;
    private readonly ILogger _logger;

    /// <param name="location"><c>s3://bucket/prefix/</c></param>
    /// <param name="prefix">The same without the bucket: <c>prefix/</c>.</param>
    public S3EvidenceStore(IObjectApi api, string location, string prefix, S3Options options, ILogger logger)
    {
        _api = api;
        Location = location;
        _prefix = prefix;
        _partSize = options.PartSizeMiB << 20;
        // One part is filled while the others travel.
        _buffers = new PartBuffers((options.Concurrency + 1L) * _partSize);
        _logger = logger;
    }

    public string Location { get; }

    public Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IEvidenceWriter>(
            new S3EvidenceWriter(_api, _prefix + EvidenceName.Checked(name), _buffers, _partSize, _logger));
    }

    public void Dispose() => _api.Dispose();
}
