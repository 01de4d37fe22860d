using System.Collections.Concurrent;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using static Forensics.Tests.Fakes.ApiJsonText;

namespace Forensics.Tests.Controller.Informers;

/// <summary>What an informer tells the queue and its readers.</summary>
internal sealed class InformerTests : InformerFixture
{
    [Test]
    public async Task The_first_list_fills_the_store_and_the_queue()
    {
        Server.OnList(List("7", Pod("a", "3"), Pod("b", "5")));
        var informer = await RunSyncedAsync();

        informer.List().Select(pod => pod.Metadata.Name).Should().BeEquivalentTo("a", "b");
        informer.Get(new("ns", "b"))!.Metadata.ResourceVersion.Should().Be("5");
        informer.Indexed("u").Should().HaveCount(2);
        Queue.Should().BeEquivalentTo([new ResourceKey("owner", "a"), new ResourceKey("owner", "b")]);
    }

    [Test]
    public async Task Synced_means_that_the_first_keys_are_on_the_queue_already()
    {
        Informer<AgentPod>? informer = null;
        var syncedWhenAdded = new ConcurrentQueue<bool>();
        Server.OnList(List("7", Pod("a", "3"), Pod("b", "5")));
        informer = Make(enqueue: _ => syncedWhenAdded.Enqueue(informer!.HasSynced));
        await RunSyncedAsync(informer);

        syncedWhenAdded.Should().Equal(false, false);
    }

    [Test]
    public async Task Lists_and_watches_what_was_asked_for_with_the_clients_credentials()
    {
        await RunSyncedAsync();
        await RequestsAsync(2);

        Server.Requests.Should().OnlyContain(r => r.Path == "/api/v1/namespaces/ns/pods" && r.Query["labelSelector"] == "a=b,c" && r.Authorization == "Bearer secret");
    }

    [Test]
    public async Task The_watch_goes_on_from_the_list_and_brings_adds_changes_and_deletes()
    {
        Server.OnList(List("7", Pod("a", "3")));
        Server.OnWatch().Send("ADDED", Pod("b", "8")).Send("MODIFIED", Pod("a", "9")).Send("DELETED", Pod("b", "10"));
        var informer = await RunSyncedAsync();
        await KeysAsync(5); // A change is told by what was and what is.

        Server.Story.Should().Equal("list from '0'", "watch from '7'");
        informer.List().Select(pod => (pod.Metadata.Name, pod.Metadata.ResourceVersion)).Should().Equal(("a", "9"));
    }

    [Test]
    public async Task An_event_may_come_in_pieces_and_with_its_type_last()
    {
        var line = $$"""{"object":{{Pod("b", "8")}},"more":{"x":[1]},"type":"ADDED"}""";
        var watch = Server.OnWatch();
        var informer = await RunSyncedAsync();
        foreach (var piece in line.Chunk(100)) watch.SendRaw(new string(piece));
        watch.SendRaw("\n");
        await KeysAsync(1);

        informer.List().Should().ContainSingle();
    }

    [Test]
    public async Task What_vanished_between_two_lists_is_known_by_its_last_state()
    {
        Server.OnList(List("7", Pod("a", "3", owner: "one"), Pod("b", "5", owner: "two")));
        Server.OnWatch(410, "Expired");
        Server.OnList(List("20", Pod("a", "3", owner: "one")));
        var informer = await RunSyncedAsync();
        await Clock.LetNextPauseEndAsync();
        await KeysAsync(3);

        Queue.Last().Should().Be(new ResourceKey("two", "b"), "it vanished, and what did not change is no news");
        informer.List().Should().ContainSingle();
        informer.Indexed("u").Should().ContainSingle();
    }

    [Test]
    public async Task A_change_of_owner_is_news_to_both()
    {
        Server.OnList(List("7", Pod("a", "3", owner: "one")));
        Server.OnWatch().Send("MODIFIED", Pod("a", "8", owner: "two"));
        await RunSyncedAsync();
        await KeysAsync(3);

        Queue.Skip(1).Should().Equal(new ResourceKey("one", "a"), new ResourceKey("two", "a"));
    }

    [Test]
    public async Task Several_namespaces_are_watched_each_by_itself()
    {
        await RunSyncedAsync(Make("one", "two"));
        await RequestsAsync(4);

        Server.Requests.Select(r => $"{(r.IsWatch ? "watch" : "list")} {r.Path}").Should().BeEquivalentTo(
            "list /api/v1/namespaces/one/pods",
            "list /api/v1/namespaces/two/pods",
            "watch /api/v1/namespaces/one/pods",
            "watch /api/v1/namespaces/two/pods");
    }

    [Test]
    public async Task A_resync_queues_every_key_again_and_asks_the_server_nothing()
    {
        Server.OnList(List("7", Pod("a", "3"), Pod("b", "5")));
        await RunSyncedAsync(Make(resyncPeriod: TimeSpan.FromMinutes(2)));
        await RequestsAsync(2);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await KeysAsync(4);

        Server.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task All_are_told_in_the_order_that_is_wanted_whatever_the_order_of_the_list()
    {
        Server.OnList(List("7", Pod("b", "5"), Pod("c", "6"), Pod("a", "3")));
        var byVersion = Comparer<AgentPod>.Create((one, other) => string.CompareOrdinal(one.Metadata.ResourceVersion, other.Metadata.ResourceVersion));
        var informer = await RunSyncedAsync(Make(order: byVersion));
        Queue.Clear();

        informer.TellAll();

        Queue.Select(key => key.Name).Should().Equal("a", "b", "c");
    }
}
