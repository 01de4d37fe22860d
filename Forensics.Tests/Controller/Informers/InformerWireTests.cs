using Forensics.Api;
using Forensics.Controller.Informers;
using Microsoft.Extensions.Logging.Abstractions;
using static Forensics.Tests.Fakes.ApiJsonText;

namespace Forensics.Tests.Controller.Informers;

/// <summary>What can go wrong between an informer and the API server, and what then: client-go's lessons.</summary>
internal sealed class InformerWireTests : InformerFixture
{
    [Test]
    public async Task Events_and_bookmarks_advance_the_version_that_the_next_watch_starts_from()
    {
        Server.OnList(List("7"));
        Server.OnWatch().Send("ADDED", Pod("a", "8")).End();
        Server.OnWatch().Send("BOOKMARK", Bookmark("42")).End();
        await RunSyncedAsync();
        await RequestsAsync(4);

        Server.Story.Should().Equal("list from '0'", "watch from '7'", "watch from '8'", "watch from '42'");
        Server.Requests.Where(r => r.IsWatch).Should().OnlyContain(r => r.Query["allowWatchBookmarks"] == "true");
    }

    [Test]
    public async Task A_watch_that_ends_in_peace_after_a_while_is_followed_by_another_at_once()
    {
        var first = Server.OnWatch();
        var informer = await RunSyncedAsync();
        await RequestsAsync(2);
        Clock.Advance(TimeSpan.FromSeconds(2));
        first.End();
        await RequestsAsync(3);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '1'");
        Clock.NothingPaused.Should().BeTrue();
        informer.Problem.Should().BeNull();
    }

    [Test]
    public async Task A_watch_that_ends_at_once_with_no_event_is_an_error_and_backs_off()
    {
        Server.OnWatch().End();
        var informer = await RunSyncedAsync();
        (await Clock.LetNextPauseEndAsync()).Should().BeGreaterThanOrEqualTo(Backoff.First).And.BeLessThan(Backoff.First * 2);
        await RequestsAsync(4);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "list from '1'", "watch from '1'");
        await Eventually.IsTrueAsync(() => informer.Problem is null, "the problem is over");
    }

    [Test]
    public async Task A_silent_watch_is_ended_by_the_clients_own_deadline()
    {
        Server.OnWatch().Send("ADDED", Pod("a", "8")); // Then silence.
        await RunSyncedAsync();
        await KeysAsync(1);
        var timeout = int.Parse(Server.Requests.Last().Query["timeoutSeconds"].Single()!, provider: null);
        timeout.Should().BeInRange(300, 600);
        Clock.Advance(TimeSpan.FromSeconds(timeout + 16));
        await RequestsAsync(3);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '8'");
        Clock.NothingPaused.Should().BeTrue();
    }

    [Test]
    public async Task Gone_as_the_watchs_answer_makes_it_list_again()
    {
        Server.OnList(List("7", Pod("a", "3")));
        Server.OnWatch(410, "Expired");
        Server.OnList(List("20", Pod("a", "3"), Pod("b", "15")));
        var informer = await RunSyncedAsync();
        await Clock.LetNextPauseEndAsync();
        await RequestsAsync(4);

        Server.Story.Should().Equal("list from '0'", "watch from '7'", "list from '7'", "watch from '20'");
        informer.List().Should().HaveCount(2);
    }

    [Test]
    public async Task Gone_inside_the_stream_makes_it_list_again()
    {
        Server.OnWatch().Send("ERROR", Status(410, "Expired", "too old resource version: 1 (9)"));
        Server.OnList(List("1"));
        Server.OnList(List("20"));
        var informer = await RunSyncedAsync();
        await Eventually.IsTrueAsync(() => informer.Problem?.Contains("too old", StringComparison.Ordinal) == true, "the server's words are told");
        await Clock.LetNextPauseEndAsync();
        await RequestsAsync(4);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "list from '1'", "watch from '20'");
    }

    [TestCase(410, "Expired", "The provided resource version is too old")]
    [TestCase(504, "Timeout", "Too large resource version: 99, current: 7")]
    public async Task A_list_from_a_version_that_the_server_cannot_serve_is_asked_for_anew_at_once(int code, string reason, string message)
    {
        Server.OnList(code, reason, message);
        Server.OnList(List("7"));
        await RunSyncedAsync();

        Server.Story.Take(2).Should().Equal("list from '0'", "list from ''");
        Clock.NothingPaused.Should().BeTrue();
    }

    [Test]
    public async Task A_busy_server_is_left_alone_for_a_while_and_not_asked_for_a_list()
    {
        Server.OnWatch(429, "TooManyRequests");
        Server.OnWatch(429, "TooManyRequests");
        await RunSyncedAsync();
        var first = await Clock.LetNextPauseEndAsync();
        var second = await Clock.LetNextPauseEndAsync();
        await RequestsAsync(4);

        first.Should().BeGreaterThanOrEqualTo(Backoff.First).And.BeLessThan(Backoff.First * 2);
        second.Should().BeGreaterThanOrEqualTo(Backoff.First * 2).And.BeLessThan(Backoff.First * 4);
        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '1'", "watch from '1'");
    }

    [Test]
    public async Task A_server_that_restarts_is_watched_again_from_where_it_was_with_no_list()
    {
        Server.OnWatch().Send("ADDED", Pod("a", "8"));
        var informer = await RunSyncedAsync();
        await KeysAsync(1);
        await Server.StopAsync();
        await Clock.LetNextPauseEndAsync(); // The stream was cut.
        await Eventually.IsTrueAsync(() => informer.Problem?.Contains("refused", StringComparison.Ordinal) == true, "the connection is refused");
        await Server.StartAgainAsync();
        await Clock.LetNextPauseEndAsync();
        await RequestsAsync(3);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '8'");
    }

    [Test]
    public async Task A_stream_cut_in_the_middle_of_an_event_loses_nothing()
    {
        var watch = Server.OnWatch().Send("ADDED", Pod("a", "8"));
        watch.SendRaw("{\"type\":\"ADDED\",\"obj");
        var informer = await RunSyncedAsync();
        await KeysAsync(1);
        watch.End();
        Server.OnWatch().Send("ADDED", Pod("b", "9"));
        await Clock.LetNextPauseEndAsync();
        await KeysAsync(2);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '8'");
        informer.List().Should().HaveCount(2);
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_asked_again()
    {
        Server.OnListSilence();
        var informer = Make();
        Run(informer);
        await RequestsAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(100));
        await Clock.LetNextPauseEndAsync();
        await Eventually.EndsAsync(informer.Synced);

        Server.Story.Take(2).Should().Equal("list from '0'", "list from '0'");
    }

    [Test]
    public async Task A_missing_kind_is_named_with_what_to_do_and_found_once_it_is_there()
    {
        Server.OnList(404, "NotFound", "the server could not find the requested resource");
        var type = ResourceTypes.PodCheckpoints;
        var informer = new Informer<PodCheckpoint>(
            type, [new ListWatch<PodCheckpoint>(Kubernetes, type, null, null, Clock)], pod => type.KeyOf(pod), Queue.Enqueue, Clock, NullLogger.Instance);
        Run(informer);
        await Eventually.IsTrueAsync(() => informer.Problem is not null, "there is a problem");

        informer.HasSynced.Should().BeFalse();
        informer.Problem.Should().StartWith("podcheckpoints.forensics.keikoproj.io not found: apply the CRD: kubectl apply -k");
        await Clock.LetNextPauseEndAsync();
        await Eventually.EndsAsync(informer.Synced);
        informer.Problem.Should().BeNull();
    }
}
