namespace Forensics.Local;

/// <summary>The bucket that the sample PodCheckpoint names, seen through a client that shares no code with the agent.</summary>
internal sealed class DemoBucket(ObjectStoreKeys keys)
{
    private const string Bucket = "my-bucket-123456789000-us-west-2";

    private readonly S3Client _client = new(keys);

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var known = await Command.TryAsync(_client.Run("s3api", "head-bucket", "--bucket", Bucket), cancellation);
        if (known.ExitCode != 0) await Command.RunAsync(_client.Run("s3api", "create-bucket", "--bucket", Bucket), cancellation);
    }

    /// <summary>Downloads an evidence folder into a new folder below <paramref name="parent"/>.</summary>
    public async Task<string> DownloadAsync(string location, string parent, CancellationToken cancellation)
    {
        var folder = Path.Combine(parent, Path.GetFileName(location.TrimEnd('/')));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        await Command.RunAsync(_client.Run("s3", "cp", "--recursive", "--quiet", location, folder), cancellation);
        return folder;
    }
}
