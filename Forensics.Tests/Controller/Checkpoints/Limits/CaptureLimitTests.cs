using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Tests.Controller.Checkpoints.Limits;

public sealed class CaptureLimitTests
{
    [Test]
    public async Task What_comes_later_waits_says_so_once_and_starts_when_its_turn_comes()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();

        cluster.Started.Should().Equal(keys[0]);
        (cluster.World.Turns.Running, cluster.World.Turns.Waiting).Should().Be((1, 2));
        Waiting(cluster, keys[1]).Message.Should().Contain("It is next").And.Contain("no more than 1 may run on a node and 10 in all");
        Waiting(cluster, keys[2]).Message.Should().Contain("1 capture waits ahead of it");
        cluster.StatusOf(keys[2])!.Phase.Should().Be(Phase.Pending);
        cluster.StatusOf(keys[2])!.NodeName.Should().Be("node-0");
        var version = cluster.World.Cluster.Checkpoints[keys[2]].Metadata.ResourceVersion;

        await cluster.EndAsync(keys[0]);

        cluster.Started.Should().Equal(keys[0], keys[1]);
        cluster.StatusOf(keys[1])!.Conditions.Single(c => c.Type == ConditionTypes.Waiting).Status.Should().Be("False");
        cluster.World.Cluster.Checkpoints[keys[2]].Metadata.ResourceVersion.Should().Be(version, "a line that moves costs no writes");
        await cluster.EndAsync(keys[1]);
        await cluster.EndAsync(keys[2]);
        (cluster.World.Turns.Running, cluster.World.Turns.Waiting).Should().Be((0, 0));
    }

    [Test]
    public async Task Who_waits_for_a_node_holds_up_nobody_on_another()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0), cluster.Apply(1)];
        await cluster.WorkAllAsync();

        cluster.Started.Should().BeEquivalentTo([keys[0], keys[2]]);
    }

    [Test]
    public async Task The_limit_of_the_cluster_holds_for_all_nodes_together()
    {
        var cluster = new CrowdedCluster(perNode: 2, inAll: 2);
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(1), cluster.Apply(2), cluster.Apply(0)];
        await cluster.WorkAllAsync();
        cluster.Started.Should().Equal(keys[0], keys[1]);

        await cluster.EndAsync(keys[1]);

        cluster.Started.Should().Equal(keys[0], keys[1], keys[2]);
        cluster.IsQueued(keys[3]).Should().BeTrue();
    }

    [Test]
    public async Task Whoever_takes_over_finds_the_places_taken_and_the_line_in_its_order()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();

        cluster.Restart(); // The queue has the last one first.
        await cluster.WorkAllAsync();
        cluster.Started.Should().Equal(keys[0]);
        await cluster.EndAsync(keys[0]);

        cluster.Started.Should().Equal(keys[0], keys[1]);
    }

    [Test]
    public async Task Whoever_takes_over_looks_at_all_that_came_meanwhile_before_a_later_one_gets_a_turn()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0), cluster.Apply(0)];

        cluster.Restart(); // The queue has the last one first.
        await cluster.WorkAllAsync();

        cluster.Started.Should().Equal(keys[0]);
        Waiting(cluster, keys[1]).Message.Should().Contain("1 capture waits ahead of it", "the first had not been looked at");
        Waiting(cluster, keys[2]).Message.Should().Contain("2 captures wait ahead of it");
        await cluster.EndAsync(keys[0]);
        cluster.Started.Should().Equal(keys[0], keys[1]);
    }

    [Test]
    public async Task One_that_came_meanwhile_and_is_gone_or_cannot_be_captured_yet_holds_up_nobody()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(1), cluster.Apply(2)];
        cluster.World.Cluster.Nodes.Remove("node-0");

        cluster.Restart();
        await cluster.WorkAsync(0); // The last one.
        cluster.Started.Should().BeEmpty("two came before it, and were not looked at");
        cluster.Delete(keys[1]);
        await cluster.WorkAllAsync();

        Waiting(cluster, keys[0], Reasons.NodeNotReady);
        cluster.Started.Should().Equal(keys[2]);
    }

    [Test]
    public async Task One_that_is_deleted_while_it_waits_leaves_the_line_and_no_plan()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();

        cluster.Delete(keys[1]);
        await cluster.WorkAllAsync();
        cluster.World.Turns.Waiting.Should().Be(1);
        cluster.World.Cluster.Plans.Should().HaveCount(2);

        await cluster.EndAsync(keys[0]);
        cluster.Started.Should().Equal(keys[0], keys[2]);
    }

    [Test]
    public async Task One_that_is_deleted_while_it_runs_makes_room_when_its_Job_is_gone()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();

        cluster.Delete(keys[0]);
        await cluster.WorkAllAsync();
        await cluster.WorkAllAsync();

        cluster.Started.Should().Equal(keys);
        cluster.World.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task The_containers_are_those_of_the_time_when_it_was_asked_for()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();

        cluster.World.Cluster.Targets[new("shop", "pod-0")].Status.ContainerStatuses[0].ContainerID = "docker://restarted";
        await cluster.EndAsync(keys[0]);

        cluster.StatusOf(keys[1])!.Containers.Should().ContainSingle().Which.Id.Should().Be("c0ffee");
    }

    [Test]
    public async Task The_time_to_start_counts_from_the_turn_and_not_from_the_plan()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();
        cluster.LetAgentGoOn(keys[0]);
        cluster.LetAgentGoOn(keys[0]);
        cluster.World.Clock.Advance(TimeSpan.FromHours(3));
        cluster.World.Cluster.JobRefusal = "exceeded quota";

        await cluster.EndAsync(keys[0]);
        Waiting(cluster, keys[1], Reasons.AgentRejected).LastTransitionTime.Should().Be(cluster.World.Clock.GetUtcNow());
        cluster.World.Clock.Advance(Given.Options.AgentStartTimeout - TimeSpan.FromSeconds(1));
        await cluster.World.ReconcileAsync(keys[1]);
        cluster.StatusOf(keys[1])!.Phase.Should().Be(Phase.Pending);
        cluster.World.Clock.Advance(TimeSpan.FromSeconds(1));
        await cluster.World.ReconcileAsync(keys[1]);

        cluster.StatusOf(keys[1])!.Phase.Should().Be(Phase.Failed);
    }

    [Test]
    public async Task One_that_cannot_start_gives_its_place_up_when_its_time_is_over()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0)];
        cluster.World.Cluster.JobRefusal = "exceeded quota";
        await cluster.WorkAllAsync();
        cluster.IsQueued(keys[1]).Should().BeTrue();
        cluster.World.Clock.Advance(Given.Options.AgentStartTimeout);
        await cluster.WorkAllAsync();
        cluster.World.Cluster.JobRefusal = null;
        await cluster.WorkAllAsync();

        cluster.StatusOf(keys[0])!.Phase.Should().Be(Phase.Failed);
        cluster.Started.Should().Equal(keys[1]);
    }

    [Test]
    public async Task People_are_told_of_the_line_by_an_event_and_of_the_start_by_another()
    {
        var cluster = new CrowdedCluster();
        ResourceKey[] keys = [cluster.Apply(0), cluster.Apply(0)];
        await cluster.WorkAllAsync();
        await cluster.EndAsync(keys[0]);

        cluster.World.Cluster.Events.Where(e => e.InvolvedObject.Name == keys[1].Name).Select(e => e.Reason)
            .Should().Equal(Reasons.Queued, "CaptureStarted");
    }

    private static Condition Waiting(CrowdedCluster cluster, ResourceKey key, string reason = Reasons.Queued)
    {
        var waiting = cluster.StatusOf(key)!.Conditions.Single(c => c.Type == ConditionTypes.Waiting);
        (waiting.Status, waiting.Reason).Should().Be(("True", reason));
        return waiting;
    }
}
