using Amazon.Runtime;
using Forensics.Agent.Retries;
using Forensics.Agent.Storage.S3;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Storage;

/// <summary>Opens the store that an address names.</summary>
internal static class EvidenceStores
{
    /// <param name="location">The folder: <c>s3://bucket/prefix/</c> or <c>file:///directory/</c>, checked before.</param>
    /// <param name="environment">Looks up a variable.</param>
    public static IEvidenceStore Open(
        string location, S3Options options, RetryLimits retries, Func<string, string?> environment, TimeProvider clock, ILogger logger)
    {
        var address = new Uri(location);
        if (address.IsFile) return DirectoryEvidenceStore.Create(address.LocalPath.TrimEnd('/'));

        var (bucket, prefix) = Split(location["s3://".Length..]);
        try
        {
            var api = new AmazonObjectApi(S3ClientFactory.Create(options, environment), bucket, options);
            return new S3EvidenceStore(new RetryingObjectApi(api, retries, clock, logger), location, prefix, options, logger);
        }
        catch (AmazonClientException e)
        {
            throw new StoreException(
                Reasons.StoreFailed, $"S3 is not set up: {e.Message.TrimEnd('.')}. Set AWS_REGION, and AWS_ENDPOINT_URL_S3 for a store that is not AWS's.", e);
        }
    }

    private static (string Bucket, string Prefix) Split(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return (path[..slash], path[(slash + 1)..]);
    }
}
