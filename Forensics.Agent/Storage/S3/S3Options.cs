namespace Forensics.Agent.Storage.S3;

/// <summary>How to speak to S3; set by the deployment, never by a PodCheckpoint. Credentials, region and endpoint
/// come from the SDK's own environment.</summary>
internal sealed record S3Options
{
    public const string DefaultAcl = "bucket-owner-full-control";

    /// <summary>S3 takes no smaller part than this, the last one excepted.</summary>
    public const int MinPartSizeMiB = 5;

    /// <summary><c>endpoint/bucket/key</c> instead of <c>bucket.endpoint/key</c>.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>Canned ACL for every object; empty sends none (buckets whose ACLs are disabled refuse any).</summary>
    public string Acl { get; init; } = DefaultAcl;

    /// <summary>Size of the first parts; an upload's later parts grow (<see cref="PartSizes"/>).</summary>
    public int PartSizeMiB { get; init; } = MinPartSizeMiB;

    /// <summary>Parts under way at once.</summary>
    public int Concurrency { get; init; } = 4;
}
