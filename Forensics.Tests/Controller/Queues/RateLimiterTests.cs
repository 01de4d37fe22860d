using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller.Queues;

internal sealed class RateLimiterTests
{
    private static readonly ResourceKey A = new("ns", "a");
    private static readonly ResourceKey B = new("ns", "b");

    private readonly FakeTimeProvider _clock = new();
    private RateLimiter _limiter = null!;

    [SetUp]
    public void MakeLimiter() => _limiter = new RateLimiter(_clock);

    [Test]
    public void A_keys_back_off_doubles_from_5_ms_up_to_1000_s()
    {
        var delays = Enumerable.Range(0, 60).Select(_ => _limiter.When(A)).ToList();

        delays.Take(4).Select(delay => delay.TotalMilliseconds).Should().Equal(5, 10, 20, 40);
        delays.Skip(18).Should().AllBeEquivalentTo(TimeSpan.FromSeconds(1000));
    }

    [Test]
    public void Keys_back_off_each_by_itself()
    {
        _limiter.When(A);
        _limiter.When(A);

        _limiter.When(B).Should().Be(RateLimiter.BaseDelay);
        _limiter.NumRequeues(A).Should().Be(2);
    }

    [Test]
    public void A_forgotten_key_starts_anew()
    {
        _limiter.When(A);
        _limiter.Forget(A);

        _limiter.NumRequeues(A).Should().Be(0);
        _limiter.When(A).Should().Be(RateLimiter.BaseDelay);
    }

    [Test]
    public void Many_failing_keys_share_a_bucket_of_100_that_fills_by_10_a_second()
    {
        TimeSpan Fail(int i) => _limiter.When(new ResourceKey("ns", $"{i}"));

        for (var i = 0; i < 100; i++) Fail(i).Should().Be(RateLimiter.BaseDelay);
        Fail(100).TotalSeconds.Should().BeApproximately(0.1, 1e-6);
        Fail(101).TotalSeconds.Should().BeApproximately(0.2, 1e-6);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Fail(102).Should().Be(RateLimiter.BaseDelay, "ten more tokens came in, two of them promised");
        _clock.Advance(TimeSpan.FromHours(1));
        for (var i = 200; i < 300; i++) Fail(i).Should().Be(RateLimiter.BaseDelay);
        Fail(300).Should().BeGreaterThan(RateLimiter.BaseDelay, "the bucket holds no more than 100");
    }
}
