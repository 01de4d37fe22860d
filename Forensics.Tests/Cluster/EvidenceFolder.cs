using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.S3.Model;
using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>What an examiner downloads: one evidence folder, fresh from the bucket.</summary>
internal sealed class EvidenceFolder : IDisposable
{
    private readonly string _path;

    private EvidenceFolder(string path) => _path = path;

    public IReadOnlyList<string> Names => [.. Directory.GetFiles(_path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public Manifest Manifest => JsonSerializer.Deserialize(File.ReadAllBytes(At(EvidenceNames.Manifest)), ApiJson.Readable.Manifest)!;

    public string ManifestSha256 => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At(EvidenceNames.Manifest))));

    public static async Task<EvidenceFolder> DownloadAsync(string location)
    {
        Destination.TryParse(location, "/", out var place, out var error).Should().BeTrue(error);
        using var s3 = RealCluster.S3();
        var path = Directory.CreateTempSubdirectory("evidence-").FullName;
        foreach (var key in await KeysAsync(place!.Prefix + "/", place.Bucket))
        {
            using var answer = await s3.GetObjectAsync(place.Bucket, key);
            await answer.WriteResponseStreamToFileAsync(Path.Combine(path, key[(place.Prefix.Length + 1)..]), false, CancellationToken.None);
        }

        return new EvidenceFolder(path);
    }

    /// <summary>All keys of a bucket, the cluster's unless another is named, below a prefix.</summary>
    public static async Task<IReadOnlyList<string>> KeysAsync(string prefix, string? bucket = null)
    {
        using var s3 = RealCluster.S3();
        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket ?? RealCluster.Bucket, Prefix = prefix });
        return [.. (listed.S3Objects ?? []).Select(o => o.Key)];
    }

    /// <summary>The folders that these keys lie in.</summary>
    public static async Task<IReadOnlyList<string>> FoldersAsync(string prefix) => [.. (await KeysAsync(prefix)).Select(key => key[..key.LastIndexOf('/')]).Distinct()];

    /// <summary>Takes away whatever is stored below a prefix of the cluster's bucket: a run of all tests stores half of what the store holds.</summary>
    public static async Task DeleteAllAsync(string prefix)
    {
        using var s3 = RealCluster.S3();
        while (await KeysAsync(prefix) is { Count: > 0 } keys)
        {
            await s3.DeleteObjectsAsync(new DeleteObjectsRequest
            {
                BucketName = RealCluster.Bucket,
                Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
            });
        }
    }

    /// <summary>Multipart uploads below a prefix that were neither completed nor aborted.</summary>
    public static async Task<IReadOnlyList<string>> OpenUploadsAsync(string prefix)
    {
        using var s3 = RealCluster.S3();
        var listed = await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = RealCluster.Bucket, Prefix = prefix });
        return [.. (listed.MultipartUploads ?? []).Select(upload => upload.Key)];
    }

    public string At(string name) => Path.Combine(_path, name);

    public string Text(string name) => File.ReadAllText(At(name));

    /// <summary>Checks with coreutils, as the README tells examiners to.</summary>
    public Task<string> CheckSumsAsync() => Command.RunAsync(
        new CommandLine("/usr/bin/sha256sum", "-c", "--strict", EvidenceNames.Sums) { WorkingDirectory = _path }, CancellationToken.None);

    /// <summary>Each entry's name with type, mode, owner, size, time and link.</summary>
    public async Task<IReadOnlyList<string>> TarEntriesAsync(string name) => await EntriesOfAsync(At(name));

    public static async Task<IReadOnlyList<string>> EntriesOfAsync(string tar)
    {
        await using var reader = new TarReader(File.OpenRead(tar));
        var entries = new List<string>();
        while (await reader.GetNextEntryAsync() is { } entry)
            entries.Add($"{entry.Name} {entry.EntryType} {entry.Mode} {entry.Uid}:{entry.Gid} {entry.Length} {entry.ModificationTime:O} {entry.LinkName}");
        return entries;
    }

    /// <summary>Content of a file in an archive.</summary>
    /// <param name="path">Relative to the archive's root.</param>
    public async Task<byte[]> ContentAsync(string name, string path)
    {
        await using var reader = new TarReader(File.OpenRead(At(name)));
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name.TrimStart('.').Trim('/') != path || entry.DataStream is not { } content) continue;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            return bytes.ToArray();
        }

        throw new FileNotFoundException($"{name} has no file {path}.");
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
