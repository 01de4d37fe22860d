using Amazon.Runtime;
using Forensics.Agent.Retries;
using Forensics.Agent.Storage.S3;
using Forensics.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Local.Benches;

public sealed class S3SinkTests
{
    [TestCase(0)]
    [TestCase(1000)]
    [TestCase((20 << 20) + 3)]
    public async Task What_our_store_uploads_is_counted_and_proven(int length)
    {
        await using var sink = S3Sink.Start();
        using var store = Open(sink);

        await using (var writer = await store.CreateAsync("object", CancellationToken.None))
        {
            await writer.WriteAsync(new byte[length], CancellationToken.None);
            await writer.CommitAsync(CancellationToken.None);
        }

        sink.Tally.Should().Be(new SinkTally(length, Unproven: 0));
    }

    [Test]
    public async Task A_body_that_is_not_what_its_hash_says_is_refused()
    {
        await using var sink = S3Sink.Start();
        using var http = new HttpClient { BaseAddress = sink.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Put, "bucket/key") { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.Add("x-amz-content-sha256", new string('0', 64));

        var answer = await http.SendAsync(request);

        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.BadRequest);
        sink.Tally.Should().Be(new SinkTally(0, 0));
    }

    [Test]
    public async Task An_upload_that_is_given_up_ends_only_its_own_connection()
    {
        await using var sink = S3Sink.Start();
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(sink.Endpoint.Host, sink.Endpoint.Port);
            await socket.GetStream().WriteAsync("PUT /b/k HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray());
        }

        using var http = new HttpClient();
        (await http.PutAsync(new Uri(sink.Endpoint, "b/k"), new ByteArrayContent([1]))).EnsureSuccessStatusCode();
        sink.Tally.Should().Be(new SinkTally(1, Unproven: 1), "it had no hash");
    }

    private static S3EvidenceStore Open(S3Sink sink)
    {
        var options = new S3Options { ForcePathStyle = true };
        var client = S3ClientFactory.Create(
            options, name => name == "AWS_ENDPOINT_URL_S3" ? sink.Endpoint.ToString() : null, new BasicAWSCredentials("key", "secret"));
        var api = new RetryingObjectApi(
            new AmazonObjectApi(client, "bucket", options), new RetryLimits { MaxAttempts = 1 }, TimeProvider.System, NullLogger.Instance);
        return new S3EvidenceStore(api, "s3://bucket/folder/", "folder/", options, NullLogger.Instance);
    }
}
