using Amazon.S3;
using Amazon.S3.Model;

namespace Forensics.Tests.Cluster;

/// <summary>A bucket of a test's own on the real S3 server, owned by the user "forensics"; gone when the test ends.</summary>
internal sealed class ScratchBucket : IAsyncDisposable
{
    private ScratchBucket(string name) => Name = name;

    public string Name { get; }

    public static async Task<ScratchBucket> CreateAsync()
    {
        using var s3 = RealCluster.S3();
        var bucket = new ScratchBucket($"scratch-{Guid.NewGuid():N}");
        await s3.PutBucketAsync(bucket.Name);
        return bucket;
    }

    /// <summary>The user "restricted", who may do nothing until granted.</summary>
    public static AmazonS3Client AsRestricted() => new(
        RealCluster.Descriptor.S3Keys.RestrictedAccessKey,
        RealCluster.Descriptor.S3Keys.RestrictedSecretKey,
        new AmazonS3Config
        {
            ServiceURL = RealCluster.Descriptor.S3Endpoint.ToString(),
            AuthenticationRegion = RealCluster.Descriptor.S3Region,
            ForcePathStyle = true,
        });

    /// <summary>Lets the user "restricted" do these things with objects, and no more.</summary>
    public async Task AllowRestrictedAsync(params string[] actions)
    {
        using var s3 = RealCluster.S3();
        await s3.PutBucketPolicyAsync(Name, $$"""
            {
              "Version": "2012-10-17",
              "Statement": [{
                "Effect": "Allow",
                "Principal": {"AWS": ["arn:aws:iam:::user/restricted"]},
                "Action": [{{string.Join(", ", actions.Select(action => $"\"{action}\""))}}],
                "Resource": ["arn:aws:s3:::{{Name}}/*"]
              }]
            }
            """);
    }

    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        using var s3 = RealCluster.S3();
        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name });
        return [.. (listed.S3Objects ?? []).Select(o => o.Key)];
    }

    public async Task<IReadOnlyList<string>> OpenUploadsAsync()
    {
        using var s3 = RealCluster.S3();
        var listed = await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name });
        return [.. (listed.MultipartUploads ?? []).Select(upload => upload.Key)];
    }

    /// <summary>Who may do what with an object, as <c>user PERMISSION</c>.</summary>
    public async Task<IReadOnlyList<string>> GrantsAsync(string key, AmazonS3Client s3)
    {
        var acl = await s3.GetObjectAclAsync(new GetObjectAclRequest { BucketName = Name, Key = key });
        return [.. acl.Grants.Select(grant => $"{grant.Grantee.CanonicalUser} {grant.Permission}")];
    }

    public async ValueTask DisposeAsync()
    {
        using var s3 = RealCluster.S3();
        foreach (var key in await KeysAsync()) await s3.DeleteObjectAsync(Name, key);
        var uploads = await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name });
        foreach (var upload in uploads.MultipartUploads ?? []) await s3.AbortMultipartUploadAsync(Name, upload.Key, upload.UploadId);
        await s3.DeleteBucketAsync(Name);
    }
}
