using System.Security.Cryptography;
using System.Text.Json;

namespace Forensics.Local;

/// <summary>The S3 users and the bucket, made once. Their keys are random and live in the state folder only.</summary>
internal sealed class ObjectStoreUsers(LocalPaths paths, CephConfiguration ceph)
{
    /// <summary>Owns the bucket.</summary>
    public const string Owner = "forensics";

    /// <summary>May do nothing until a test grants it something.</summary>
    public const string Restricted = "restricted";

    public const string Bucket = "forensics-evidence";

    /// <summary>A server with one zone group takes any; the SDKs want one.</summary>
    public const string Region = "us-east-1";

    private string KeysFile => Path.Combine(paths.StateOf("ceph"), "s3-keys.json");

    private string DoneFile => Path.Combine(paths.StateOf("ceph"), "s3-users-made");

    public ObjectStoreKeys Keys()
    {
        if (!File.Exists(KeysFile))
        {
            var keys = new ObjectStoreKeys(NewKey(10), NewKey(20), NewKey(10), NewKey(20));
            PrivateFile.Write(KeysFile, JsonSerializer.Serialize(keys, LocalJson.Default.ObjectStoreKeys));
        }

        return JsonSerializer.Deserialize(File.ReadAllText(KeysFile), LocalJson.Default.ObjectStoreKeys)!;
    }

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (File.Exists(DoneFile)) return;
        var keys = Keys();
        await CreateUserAsync(Owner, keys.AccessKey, keys.SecretKey, cancellation);
        await CreateUserAsync(Restricted, keys.RestrictedAccessKey, keys.RestrictedSecretKey, cancellation);
        await Command.RunAsync(new S3Client(keys).Run("s3api", "create-bucket", "--bucket", Bucket), cancellation);
        await File.WriteAllTextAsync(DoneFile, "", cancellation);
    }

    private async Task CreateUserAsync(string name, string accessKey, string secretKey, CancellationToken cancellation)
    {
        var known = await Command.TryAsync(Admin("user", "info", "--uid", name), cancellation);
        if (known.ExitCode == 0) return;
        await Command.RunAsync(
            Admin("user", "create", "--uid", name, "--display-name", name, "--access-key", accessKey, "--secret-key", secretKey),
            cancellation);
    }

    private CommandLine Admin(params IReadOnlyList<string> arguments) =>
        ceph.Run("radosgw-admin", ["--name", CephConfiguration.Gateway, .. arguments]);

    private static string NewKey(int bytes) => Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes));
}
