using System.Buffers;
using Amazon.S3;
using Amazon.S3.Model;

namespace Forensics.Agent.Storage.S3;

/// <summary><see cref="IObjectApi"/> through the AWS SDK. Each body is sent in one piece under its own SHA-256, which the
/// signature covers; no trailing checksum, which some S3 servers refuse.</summary>
internal sealed class AmazonObjectApi(IAmazonS3 client, string bucket, S3Options options) : IObjectApi
{
    private const string OnlyIfAbsent = "*";
    private readonly S3CannedACL? _acl = options.Acl.Length == 0 ? null : S3CannedACL.FindValue(options.Acl);

    public Task PutAsync(string key, ReadOnlySequence<byte> body, CancellationToken cancellationToken) =>
        AskAsync(key, cancellationToken, () => client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = new SequenceStream(body),
                CannedACL = _acl,
                IfNoneMatch = OnlyIfAbsent,
                UseChunkEncoding = false,
            },
            cancellationToken));

    public async Task<string> BeginUploadAsync(string key, CancellationToken cancellationToken)
    {
        var begun = await AskAsync(key, cancellationToken, () => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, CannedACL = _acl }, cancellationToken));
        return begun.UploadId;
    }

    public async Task<string> UploadPartAsync(
        string key, string uploadId, int number, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        var stored = await AskAsync(key, cancellationToken, () => client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = body.Length,
                InputStream = new SequenceStream(body),
                UseChunkEncoding = false,
            },
            cancellationToken));
        return stored.ETag;
    }

    public Task CompleteUploadAsync(
        string key, string uploadId, IReadOnlyList<string> etags, CancellationToken cancellationToken) =>
        AskAsync(key, cancellationToken, () => client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = uploadId,
                PartETags = etags.Select((etag, index) => new PartETag(index + 1, etag)).ToList(),
                IfNoneMatch = OnlyIfAbsent,
            },
            cancellationToken));

    public Task AbortUploadAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        AskAsync(key, cancellationToken, () => client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId }, cancellationToken));

    public void Dispose() => client.Dispose();

    private async Task<T> AskAsync<T>(string key, CancellationToken cancellationToken, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception e) when (S3Errors.Translate(e, bucket, key, client.Config.ServiceURL, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }
}
