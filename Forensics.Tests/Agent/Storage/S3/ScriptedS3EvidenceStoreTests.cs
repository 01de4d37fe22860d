using Amazon.Runtime;
using Forensics.Agent.Retries;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Storage.S3;

/// <summary>The S3 store against a server that fails by script.</summary>
[TestFixture]
internal sealed class ScriptedS3EvidenceStoreTests : StrictEvidenceStoreContract
{
    private const int Multipart = 11 << 20;
    private ScriptedS3Server _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await ScriptedS3Server.StartAsync();

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Every_object_is_asked_for_with_the_same_headers()
    {
        using var store = OpenStore();

        await WriteAsync(store, "small", [1]);
        await WriteAsync(store, "large", RandomBytes(Multipart));

        var acl = _server.Requests.Where(r => r.Action is "Put" or "Begin").Select(r => r.Headers["x-amz-acl"].ToString());
        acl.Should().Equal(S3Options.DefaultAcl, S3Options.DefaultAcl);
        _server.Requests.Where(r => r.Action is "Put" or "Complete").Select(r => r.Headers.IfNoneMatch.ToString())
            .Should().Equal("*", "*");
    }

    [Test]
    public async Task An_empty_acl_sends_no_header()
    {
        using var store = OpenStore(new S3Options { Acl = "", ForcePathStyle = true });

        await WriteAsync(store, "object", [1]);

        _server.Requests.Single().Headers.ContainsKey("x-amz-acl").Should().BeFalse();
    }

    [Test]
    public async Task Bodies_are_signed_whole_and_carry_no_trailer()
    {
        using var store = OpenStore();

        await WriteAsync(store, "object", RandomBytes(Multipart));

        var part = _server.Requests.First(r => r.Action == "Part");
        part.Headers["x-amz-content-sha256"].ToString().Should().MatchRegex("^[0-9a-f]{64}$");
        part.Headers.ContainsKey("x-amz-trailer").Should().BeFalse();
    }

    [TestCase("Put", S3Fault.SlowDown)]
    [TestCase("Put", S3Fault.InternalError)]
    [TestCase("Put", S3Fault.Dropped)]
    [TestCase("Put", S3Fault.AnswerLost)]
    [TestCase("Begin", S3Fault.SlowDown)]
    [TestCase("Begin", S3Fault.Dropped)]
    [TestCase("Part", S3Fault.InternalError)]
    [TestCase("Part", S3Fault.Dropped)]
    [TestCase("Part", S3Fault.AnswerLost)]
    [TestCase("Complete", S3Fault.InternalError)]
    [TestCase("Complete", S3Fault.Dropped)]
    [TestCase("Complete", S3Fault.AnswerLost)]
    public async Task A_failure_that_passes_is_tried_again(string action, S3Fault fault)
    {
        _server.FailFirst(action, fault, times: 2);
        using var store = OpenStore();
        var bytes = RandomBytes(action == "Put" ? 1000 : Multipart);

        await WriteAsync(store, "object", bytes);

        (await ReadAsync("object"))!.AsSpan().SequenceEqual(bytes).Should().BeTrue();
        _server.OpenUploads.Should().Be(0);
    }

    /// <summary>What was refused was not done: if it is done after that, by somebody else.</summary>
    [Test]
    public async Task After_a_refusal_a_lost_upload_is_no_success()
    {
        _server.Script = request =>
        {
            if (request.Action != "Complete" || _server.Requests.Count(r => r.Action == "Complete") > 1) return S3Fault.None;
            _server.ForgetUploads();
            return S3Fault.SlowDown;
        };
        using var store = OpenStore();

        var write = () => WriteAsync(store, "object", RandomBytes(Multipart));

        (await write.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(Reasons.ObjectExists);
        (await ReadAsync("object")).Should().BeNull();
    }

    [TestCase("Put", S3Fault.AccessDenied, Reasons.AccessDenied)]
    [TestCase("Put", S3Fault.NoSuchBucket, Reasons.BucketNotFound)]
    [TestCase("Begin", S3Fault.AccessDenied, Reasons.AccessDenied)]
    [TestCase("Part", S3Fault.AccessDenied, Reasons.AccessDenied)]
    [TestCase("Complete", S3Fault.AccessDenied, Reasons.AccessDenied)]
    public async Task A_refusal_is_told_at_once(string action, S3Fault fault, string reason)
    {
        _server.FailFirst(action, fault, times: int.MaxValue);
        using var store = OpenStore();

        var write = () => WriteAsync(store, "object", RandomBytes(action == "Put" ? 1000 : Multipart));

        (await write.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(reason);
        _server.Requests.Count(r => r.Action == action).Should().BeLessThanOrEqualTo(action == "Part" ? 3 : 1);
        _server.OpenUploads.Should().Be(0);
    }

    [TestCase(S3Fault.Dropped, Reasons.StoreUnreachable)]
    [TestCase(S3Fault.SlowDown, Reasons.StoreFailed)]
    public async Task A_failure_that_stays_is_given_up_after_the_last_attempt(S3Fault fault, string reason)
    {
        _server.FailFirst("Put", fault, times: int.MaxValue);
        using var store = OpenStore();

        var write = () => WriteAsync(store, "object", [1]);

        (await write.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(reason);
        _server.Requests.Should().HaveCount(4);
    }

    [Test]
    public async Task An_upload_that_somebody_aborted_does_not_count_as_done()
    {
        _server.Script = request =>
        {
            if (request.Action == "Complete") _server.ForgetUploads();
            return S3Fault.None;
        };
        using var store = OpenStore();

        var write = () => WriteAsync(store, "object", RandomBytes(Multipart));

        (await write.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(Reasons.ObjectExists);
    }

    [Test]
    public async Task A_cancelled_upload_is_aborted_even_while_a_part_hangs()
    {
        _server.FailFirst("Part", S3Fault.Hang, times: int.MaxValue);
        using var store = OpenStore();
        using var cancelled = new CancellationTokenSource();

        await using (var writer = await store.CreateAsync("object", cancelled.Token))
        {
            await writer.WriteAsync(RandomBytes(Multipart), cancelled.Token);
            await Eventually.IsTrueAsync(() => _server.Requests.Count(r => r.Action == "Part") == 2, "both parts hang at the server");
            await cancelled.CancelAsync();
        }

        _server.OpenUploads.Should().Be(0);
        _server.Requests.Select(r => r.Action).Should().EndWith("Abort");
    }

    /// <summary>Objects that are written side by side fill their parts at different speeds: none may hold what another waits for.</summary>
    [Test]
    public async Task Objects_written_side_by_side_do_not_wait_for_each_other_for_ever()
    {
        using var store = OpenStore(new S3Options { PartSizeMiB = 5, Concurrency = 1, ForcePathStyle = true });
        await using var slow = await store.CreateAsync("slow", CancellationToken.None);
        await using var slower = await store.CreateAsync("slower", CancellationToken.None);
        await slow.WriteAsync(RandomBytes(Multipart), CancellationToken.None);
        await slower.WriteAsync(RandomBytes(4 << 20), CancellationToken.None);

        await Eventually.EndsAsync(WriteAsync(store, "fast", RandomBytes(2 * Multipart)), TimeSpan.FromMinutes(1));

        await slow.CommitAsync(CancellationToken.None);
        await slower.CommitAsync(CancellationToken.None);
        _server.Objects.Select(stored => (Path.GetFileName(stored.Key), stored.Value.Length)).Should().BeEquivalentTo(
            [("slow", Multipart), ("slower", 4 << 20), ("fast", 2 * Multipart)]);
    }

    protected override IEvidenceStore OpenStore() => OpenStore(new S3Options { PartSizeMiB = 5, Concurrency = 2, ForcePathStyle = true });

    protected override Task<byte[]?> ReadAsync(string name) =>
        Task.FromResult(_server.Objects.GetValueOrDefault($"bucket/prefix/{name}"));

    protected override Task<bool> HasLeftoversAsync() => Task.FromResult(_server.OpenUploads > 0);

    private S3EvidenceStore OpenStore(S3Options options)
    {
        var limits = new RetryLimits { MaxAttempts = 4, FirstDelay = TimeSpan.FromMilliseconds(1) };
        var client = S3ClientFactory.Create(options, ScriptedEnvironment, new BasicAWSCredentials("key", "secret"));
        var api = new RetryingObjectApi(new AmazonObjectApi(client, "bucket", options), limits, TimeProvider.System, NullLogger.Instance);
        return new S3EvidenceStore(api, "s3://bucket/prefix/", "prefix/", options, NullLogger.Instance);
    }

    private string? ScriptedEnvironment(string variable) => variable switch
    {
        "AWS_ENDPOINT_URL_S3" => _server.Endpoint,
        "AWS_REGION" => "us-east-1",
        _ => null,
    };
}
