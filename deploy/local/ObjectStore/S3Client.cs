namespace Forensics.Local;

/// <summary>Debian's awscli as the bucket's owner: a client that shares no code with ours.</summary>
internal sealed class S3Client(ObjectStoreKeys keys)
{
    public CommandLine Run(params IReadOnlyList<string> arguments) =>
        new("/usr/bin/aws", ["--endpoint-url", LoopbackNetwork.ObjectStoreUrl, .. arguments])
        {
            Environment = new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = keys.AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = keys.SecretKey,
                ["AWS_DEFAULT_REGION"] = ObjectStoreUsers.Region,
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["AWS_PAGER"] = "",
                // The machine's own settings and profiles have no say here.
                ["AWS_CONFIG_FILE"] = "/dev/null",
                ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            },
        };
}
