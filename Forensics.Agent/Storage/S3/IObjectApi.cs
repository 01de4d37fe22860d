using System.Buffers;

namespace Forensics.Agent.Storage.S3;

/// <summary>The few S3 calls that evidence needs, on one bucket, each a single request. None overwrites: a key that exists
/// is refused. Failures are <see cref="StoreException"/>.</summary>
internal interface IObjectApi : IDisposable
{
    Task PutAsync(string key, ReadOnlySequence<byte> body, CancellationToken cancellationToken);

    /// <summary>Returns the upload's id.</summary>
    Task<string> BeginUploadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Returns the part's ETag.</summary>
    Task<string> UploadPartAsync(
        string key, string uploadId, int number, ReadOnlySequence<byte> body, CancellationToken cancellationToken);

    /// <param name="etags">In the order of the parts, from part 1.</param>
    Task CompleteUploadAsync(string key, string uploadId, IReadOnlyList<string> etags, CancellationToken cancellationToken);

    Task AbortUploadAsync(string key, string uploadId, CancellationToken cancellationToken);
}
