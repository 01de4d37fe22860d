using Amazon.Runtime;
using Amazon.S3;
using Forensics.Agent.Retries;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;
using Forensics.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Storage.S3;

/// <summary>The S3 store against a real S3 server.</summary>
[TestFixture]
[Category("Cluster")]
internal sealed class RealS3EvidenceStoreTests : EvidenceStoreContract
{
    private const int Multipart = 11 << 20;
    private static readonly S3Options Small = new() { PartSizeMiB = 5, Concurrency = 2, ForcePathStyle = true };
    private ScratchBucket _bucket = null!;

    [SetUp]
    public async Task MakeBucket() => _bucket = await ScratchBucket.CreateAsync();

    [TearDown]
    public async Task RemoveBucket() => await _bucket.DisposeAsync();

    /// <summary>If this fails, the server has learnt it: hold it to <see cref="StrictEvidenceStoreContract"/> then.</summary>
    [Test]
    public async Task This_server_completes_an_upload_over_an_object_so_that_a_folder_must_be_one_agents_own()
    {
        using var store = OpenStore();
        await WriteAsync(store, "object", [1, 2, 3]);

        await WriteAsync(store, "object", RandomBytes(Large));

        (await ReadAsync("object")).Should().HaveCount(Large);
    }

    [Test]
    public async Task Put_and_abort_are_all_that_it_must_be_allowed()
    {
        await _bucket.AllowRestrictedAsync("s3:PutObject", "s3:AbortMultipartUpload");
        using var store = OpenStore(Small with { Acl = "" }, Restricted);

        await WriteAsync(store, "small", [1]);
        await WriteAsync(store, "large", RandomBytes(Multipart));
        await using (var writer = await store.CreateAsync("given up", CancellationToken.None))
            await writer.WriteAsync(RandomBytes(Multipart), CancellationToken.None);

        (await _bucket.KeysAsync()).Should().Equal("prefix/large", "prefix/small");
        (await _bucket.OpenUploadsAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Without_the_right_to_put_it_says_which_rights_it_needs()
    {
        using var store = OpenStore(Small, Restricted);

        var write = () => WriteAsync(store, "object", [1]);

        var refusal = (await write.Should().ThrowAsync<StoreException>()).Which;
        refusal.Reason.Should().Be(Reasons.AccessDenied);
        refusal.Message.Should().Contain("s3:PutObject").And.Contain("s3:AbortMultipartUpload").And.Contain(_bucket.Name);
    }

    [TestCase(1)]
    [TestCase(Multipart)]
    public async Task The_acl_gives_the_buckets_owner_full_control(int length)
    {
        await _bucket.AllowRestrictedAsync("s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload");
        using var store = OpenStore(Small, Restricted);

        await WriteAsync(store, "object", RandomBytes(length));

        using var owner = RealCluster.S3();
        (await _bucket.GrantsAsync("prefix/object", owner)).Should().BeEquivalentTo(["forensics FULL_CONTROL", "restricted FULL_CONTROL"]);
    }

    [TestCase(1)]
    [TestCase(Multipart)]
    public async Task With_an_empty_acl_the_object_is_its_writers_alone(int length)
    {
        await _bucket.AllowRestrictedAsync("s3:PutObject", "s3:AbortMultipartUpload");
        using var store = OpenStore(Small with { Acl = "" }, Restricted);

        await WriteAsync(store, "object", RandomBytes(length));

        using var writer = ScratchBucket.AsRestricted();
        (await _bucket.GrantsAsync("prefix/object", writer)).Should().BeEquivalentTo(["restricted FULL_CONTROL"]);
    }

    protected override IEvidenceStore OpenStore() => OpenStore(Small, Owner);

    protected override async Task<byte[]?> ReadAsync(string name)
    {
        using var s3 = RealCluster.S3();
        try
        {
            using var answer = await s3.GetObjectAsync(_bucket.Name, "prefix/" + name);
            var bytes = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    protected override async Task<bool> HasLeftoversAsync() => (await _bucket.OpenUploadsAsync()).Count > 0;

    private static BasicAWSCredentials Owner => new(RealCluster.Descriptor.S3Keys.AccessKey, RealCluster.Descriptor.S3Keys.SecretKey);

    private static BasicAWSCredentials Restricted =>
        new(RealCluster.Descriptor.S3Keys.RestrictedAccessKey, RealCluster.Descriptor.S3Keys.RestrictedSecretKey);

    private S3EvidenceStore OpenStore(S3Options options, AWSCredentials credentials)
    {
        var client = S3ClientFactory.Create(options, Environment, credentials);
        var api = new RetryingObjectApi(
            new AmazonObjectApi(client, _bucket.Name, options), new RetryLimits(), TimeProvider.System, NullLogger.Instance);
        return new S3EvidenceStore(api, $"s3://{_bucket.Name}/prefix/", "prefix/", options, NullLogger.Instance);
    }

    private static string? Environment(string variable) => variable switch
    {
        "AWS_ENDPOINT_URL_S3" => RealCluster.Descriptor.S3Endpoint.ToString(),
        "AWS_REGION" => RealCluster.Descriptor.S3Region,
        _ => null,
    };
}
