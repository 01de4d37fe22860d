using System.Runtime.CompilerServices;
using Forensics.Controller.Informers;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace Forensics.Tests.Controller.Informers;

internal sealed class MeteredListWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private CollectorRegistry _registry = null!;
    private ReflectorMetrics _metrics = null!;

    [SetUp]
    public void Make()
    {
        _registry = Prometheus.Metrics.NewCustomRegistry();
        _metrics = new ReflectorMetrics(_registry);
    }

    [Test]
    public async Task Lists_are_counted_and_timed()
    {
        var list = await Meter(lasts: TimeSpan.FromSeconds(2), "a", "b", "c").ListAsync("0", CancellationToken.None);

        list.Items.Should().Equal("a", "b", "c");
        (await _registry.ScrapeAsync()).Should().Contain(
        [
            """reflector_lists_total{name="things in namespace ns"} 1""",
            """reflector_list_duration_seconds_sum{name="things in namespace ns"} 2""",
            """reflector_items_per_list_sum{name="things in namespace ns"} 3""",
        ]);
    }

    [Test]
    public async Task A_list_that_fails_is_one_too()
    {
        await FluentActions.Awaiting(() => Meter(TimeSpan.Zero).ListAsync("bad", CancellationToken.None)).Should().ThrowAsync<IOException>();

        var scraped = await _registry.ScrapeAsync();
        scraped.Should().Contain("""reflector_lists_total{name="things in namespace ns"} 1""");
        scraped.Should().NotContain(line => line.StartsWith("reflector_list_duration_seconds"));
    }

    [Test]
    public async Task Watches_are_counted_and_timed_however_they_end()
    {
        var events = new List<string>();
        await foreach (var change in Meter(lasts: TimeSpan.FromMinutes(5), "a", "b").WatchAsync("1", CancellationToken.None)) events.Add(change.Object!);
        await FluentActions.Awaiting(async () =>
        {
            await foreach (var change in Meter(lasts: TimeSpan.FromMinutes(1), "c").WatchAsync("bad", CancellationToken.None)) events.Add(change.Object!);
        }).Should().ThrowAsync<IOException>();

        events.Should().Equal("a", "b", "c");
        (await _registry.ScrapeAsync()).Should().Contain(
        [
            """reflector_watches_total{name="things in namespace ns"} 2""",
            """reflector_watch_duration_seconds_sum{name="things in namespace ns"} 360""",
            """reflector_items_per_watch_sum{name="things in namespace ns"} 3""",
        ]);
    }

    [Test]
    public async Task A_watch_that_ends_at_once_with_no_event_is_short()
    {
        await foreach (var change in Meter(lasts: TimeSpan.FromMilliseconds(900)).WatchAsync("1", CancellationToken.None)) Assert.Fail($"{change} came");
        await foreach (var _ in Meter(lasts: TimeSpan.FromMilliseconds(900), "a").WatchAsync("1", CancellationToken.None)) continue;
        await foreach (var change in Meter(lasts: TimeSpan.FromSeconds(1)).WatchAsync("1", CancellationToken.None)) Assert.Fail($"{change} came");

        (await _registry.ScrapeAsync()).Should().Contain("""reflector_short_watches_total{name="things in namespace ns"} 1""");
    }

    private MeteredListWatch<string> Meter(TimeSpan lasts, params string[] items) => new(new Scripted(_clock, lasts, items), _metrics, _clock);

    /// <summary>Takes some time, brings the items, and fails at the end if asked from the version "bad".</summary>
    private sealed class Scripted(FakeTimeProvider clock, TimeSpan lasts, string[] items) : IListWatch<string>
    {
        public string Description => "things in namespace ns";

        public string? Namespace => "ns";

        public Task<ResourceList<string>> ListAsync(string resourceVersion, CancellationToken cancellationToken)
        {
            clock.Advance(lasts);
            return resourceVersion == "bad" ? throw new IOException("cut") : Task.FromResult(new ResourceList<string>(items, "1"));
        }

        public async IAsyncEnumerable<WatchEvent<string>> WatchAsync(
            string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var item in items) yield return await Task.FromResult(new WatchEvent<string>(WatchEventType.Added, item, "2"));
            clock.Advance(lasts);
            if (resourceVersion == "bad") throw new IOException("cut");
        }
    }
}
