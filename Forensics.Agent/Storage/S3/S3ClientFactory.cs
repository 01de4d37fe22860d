using Amazon.Runtime;
using Amazon.S3;

namespace Forensics.Agent.Storage.S3;

/// <summary>The SDK's client as this program wants it: retries and checksums are ours, credentials its default chain's.</summary>
internal static class S3ClientFactory
{
    /// <param name="environment">Looks up a variable.</param>
    /// <param name="credentials">Null for the SDK's default chain.</param>
    public static AmazonS3Client Create(S3Options options, Func<string, string?> environment, AWSCredentials? credentials = null)
    {
        var region = environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION");
        var endpoint = environment("AWS_ENDPOINT_URL_S3") ?? environment("AWS_ENDPOINT_URL");
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            MaxErrorRetry = 0,
            // Its own retries of broken connections would hide from ours that an answer was lost.
            MaxStaleConnectionRetries = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Time limits are the retry's, which knows how long a part may take.
            Timeout = Timeout.InfiniteTimeSpan,
            // Pooled, unlike larger ones, which would be garbage at each part.
            BufferSize = 64 * 1024,
            AllowAutoRedirect = false,
        };
        if (!string.IsNullOrEmpty(endpoint))
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region ?? "us-east-1";
        }
        else if (!string.IsNullOrEmpty(region))
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        }

        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }
}
