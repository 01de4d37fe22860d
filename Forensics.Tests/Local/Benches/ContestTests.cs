using System.Security.Cryptography;
using System.Text;
using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

/// <summary>Contenders that upload three bytes by hand.</summary>
internal sealed class ContestTests
{
    private static readonly Shape Shape = new("tiny", "docker", "containerd", "/merged", ArchiveBytes: 3);
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("abc")));

    private S3Sink _sink = null!;

    [SetUp]
    public void StartSink() => _sink = S3Sink.Start();

    [TearDown]
    public async Task StopSink() => await _sink.DisposeAsync();

    [Test]
    public async Task Who_brings_all_of_it_and_proves_it_is_measured()
    {
        var records = await HoldAsync(Uploads(Hash), new Contender("idle", _ => "true", null) { Stores = _ => 0 });

        records.Select(record => record.Contender).Should().Equal("uploads", "idle");
        _sink.Tally.Should().Be(new SinkTally(2 * 3, 0), "a run warms up, another counts");
    }

    [Test]
    public async Task A_body_without_its_hash_ends_the_contest() =>
        (await FluentActions.Awaiting(() => HoldAsync(Uploads("UNSIGNED-PAYLOAD"))).Should().ThrowAsync<LocalClusterException>())
            .WithMessage("uploads uploaded 1 bodies without a hash that proves them.");

    [Test]
    public async Task So_does_less_than_all_of_it() =>
        (await FluentActions.Awaiting(() => HoldAsync(Uploads(Hash) with { Stores = shape => shape.ArchiveBytes + 1 })).Should().ThrowAsync<LocalClusterException>())
            .WithMessage("uploads uploaded 3 bytes; 4 at least were to come.");

    private async Task<IReadOnlyList<AgentRecord>> HoldAsync(params Contender[] contenders) =>
        await new Contest(contenders, runs: 1, _sink, new Progress(TextWriter.Null, TimeProvider.System)).HoldAsync(Shape, CancellationToken.None);

    /// <param name="hash">What its request says of the body.</param>
    private Contender Uploads(string hash) => new(
        "uploads",
        _ => $@"exec 3<>/dev/tcp/{_sink.Endpoint.Host}/{_sink.Endpoint.Port}; printf 'PUT /b/k HTTP/1.1\r\nContent-Length: 3\r\nx-amz-content-sha256: {hash}\r\n\r\nabc' >&3; read -r answer <&3; echo ""$answer""",
        Daemon: null);
}
