using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Metadata;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class PlanFactoryTests
{
    [Test]
    public void Everything_the_agent_needs_to_know_is_in_the_plan()
    {
        var plan = Given.Plan();

        plan.CreatedAt.Should().Be(Given.Start);
        plan.PodCheckpoint.Should().Be(new PodCheckpointReference { Namespace = "cases", Name = "case-42", Uid = Given.Uid, CreatedAt = Given.Start });
        plan.SpecHash.Should().Be(SpecHash.Of(Given.Checkpoint().Spec));
        plan.Destination.Should().Be("s3://bucket/forensics");
        plan.Target.Should().Be(new CaptureTarget
        {
            Namespace = "shop",
            Pod = "bad-pod",
            Uid = "target-uid",
            RuntimeUid = "target-uid",
            NodeName = "node-1",
            Runtime = "docker",
        });
        plan.Containers.Should().Equal(new PlannedContainer { Name = "app", Kind = ContainerKind.Regular, Id = "c0ffee", Image = "shop:1", ImageId = "sha256:1" });
    }

    [Test]
    public void The_plan_caps_the_agents_bandwidth_if_the_installation_does()
    {
        Plan(Given.Target()).MaxBytesPerSecond.Should().Be(0);
        Plan(Given.Target(), Given.Options with { MaxBandwidth = 50 }).MaxBytesPerSecond.Should().Be(50 << 20);
    }

    [TestCase(null, CompressionKind.None)]
    [TestCase("", CompressionKind.None)]
    [TestCase("Zstd", CompressionKind.Zstd)]
    public void The_plan_says_how_archives_are_stored(string? compression, CompressionKind planned)
    {
        var checkpoint = Given.Checkpoint();
        checkpoint = checkpoint with { Spec = checkpoint.Spec with { Export = new ExportSpec { Compression = compression } } };

        PlanFactory.Plan(checkpoint, Given.Target(), Given.Node(), "docker", Given.NoClaims, [], Given.Options, Given.Start).Export.Compression.Should().Be(planned);
    }

    [Test]
    public void The_folders_time_is_in_whole_seconds() =>
        Plan(Given.Target(), now: Given.Start.AddMilliseconds(999)).CreatedAt.Should().Be(Given.Start);

    [Test]
    public void The_agent_ends_before_its_Jobs_deadline_deletes_it()
    {
        var options = Given.Options with { CaptureDeadline = TimeSpan.FromMinutes(30), AgentStartTimeout = TimeSpan.FromMinutes(5) };
        Plan(Given.Target(), options).AgentDeadlineSeconds.Should().Be(24 * 60);
        Plan(Given.Target(), options with { CaptureDeadline = TimeSpan.FromMinutes(3) }).AgentDeadlineSeconds.Should().Be(90, "half of it it always has");
    }

    [TestCase(null, 30 * 60)]
    [TestCase(10 * 60, 10 * 60)]
    [TestCase(3 * 60 * 60, 30 * 60, Description = "never more than the installation allows")]
    public void A_PodCheckpoints_own_deadline_is_the_Jobs_if_it_is_the_shorter_one(int? asked, int expected)
    {
        var options = Given.Options with { CaptureDeadline = TimeSpan.FromMinutes(30) };
        var checkpoint = Given.Checkpoint() with { Spec = Given.Checkpoint().Spec with { ActiveDeadlineSeconds = asked } };

        var plan = PlanFactory.Plan(checkpoint, Given.Target(), Given.Node(), "docker", Given.NoClaims, [], options, Given.Start);

        plan.DeadlineSeconds.Should().Be(expected);
        JobFactory.Job(Given.Template(), plan, Given.PlanUid, options).Spec.ActiveDeadlineSeconds.Should().Be(expected);
    }

    [Test]
    public void Whatever_the_deadline_the_agent_ends_before_its_Job()
    {
        foreach (var seconds in Enumerable.Range(PodCheckpointSpec.ShortestDeadlineSeconds, 4000))
        {
            var spec = Given.Checkpoint().Spec with { ActiveDeadlineSeconds = seconds };
            var plan = PlanFactory.Plan(Given.Checkpoint() with { Spec = spec }, Given.Target(), Given.Node(), "docker", Given.NoClaims, [], Given.Options, Given.Start);
            (plan.AgentDeadlineSeconds >= seconds / 2 && plan.AgentDeadlineSeconds + 30 <= plan.DeadlineSeconds).Should().BeTrue($"of {seconds} s");
        }
    }

    [Test]
    public void Every_kind_of_container_is_planned_in_the_pods_order()
    {
        var pod = Given.Target();
        pod.Spec.InitContainers = [new V1Container { Name = "setup", Image = "setup:1" }, new V1Container { Name = "proxy", Image = "proxy:1", RestartPolicy = "Always" }];
        pod.Spec.Containers.Add(new V1Container { Name = "never", Image = "never:1" });
        pod.Spec.EphemeralContainers = [new V1EphemeralContainer { Name = "debug", Image = "debug:1" }];
        pod.Status.InitContainerStatuses = [Status("setup", "docker://a"), Status("proxy", "docker://b")];
        pod.Status.EphemeralContainerStatuses = [Status("debug", "docker://d")];

        Plan(pod).Containers.Select(c => (c.Name, c.Kind, c.Id)).Should().Equal(
            ("setup", ContainerKind.Init, "a"),
            ("proxy", ContainerKind.Sidecar, "b"),
            ("app", ContainerKind.Regular, "c0ffee"),
            ("never", ContainerKind.Regular, null),
            ("debug", ContainerKind.Ephemeral, "d"));
    }

    [Test]
    public void A_crash_loop_has_its_instance_before_too()
    {
        var status = Status("app", "docker://new");
        status.LastState = Ended("docker://old");
        Ids(status).Should().Be(("new", "old"));
    }

    [Test]
    public void The_same_instance_is_not_planned_twice()
    {
        var status = Status("app", "docker://one");
        status.State = Ended("docker://one");
        status.LastState = Ended("docker://one");
        Ids(status).Should().Be(("one", null));
    }

    [Test]
    public void An_instance_that_only_its_end_names_is_found()
    {
        var status = Status("app", "");
        status.LastState = Ended("docker://old");
        Ids(status).Should().Be(("old", null));
    }

    [Test]
    public void Of_a_static_pod_the_runtime_knows_only_the_manifests_hash()
    {
        var pod = Given.Target();
        pod.Metadata.Annotations = new Dictionary<string, string>
        {
            ["kubernetes.io/config.hash"] = "f00",
            ["kubernetes.io/config.mirror"] = "f00",
        };

        var target = Plan(pod).Target;

        (target.Uid, target.RuntimeUid).Should().Be(("target-uid", "f00"));
    }

    [Test]
    public void A_pod_that_only_bears_the_hash_is_no_static_pod()
    {
        var pod = Given.Target();
        pod.Metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/config.hash"] = "forged" };
        Plan(pod).Target.RuntimeUid.Should().Be("target-uid");
    }

    [Test]
    public void The_plan_is_written_once_and_read_back_as_it_was()
    {
        var map = PlanFactory.ConfigMap(Given.Plan(), new PodMetadata("yaml", "text", []), Given.Options);
        map.Metadata.Uid = Given.PlanUid;

        map.Immutable.Should().BeTrue();
        (map.Metadata.Name, map.Metadata.NamespaceProperty).Should().Be((Given.Name, "forensics-workers"));
        map.Data.Should().Contain(AgentContract.PodYamlFile, "yaml").And.Contain(AgentContract.DescribeFile, "text");
        var read = StoredPlan.Read(map, Given.Checkpoint());
        read.Uid.Should().Be(Given.PlanUid);
        read.Content.Should().BeEquivalentTo(Given.Plan());
    }

    [Test]
    public void What_another_wrote_under_the_plans_name_is_no_plan()
    {
        foreach (var spoil in new Action<V1ConfigMap>[]
        {
            map => map.Metadata.Labels = null,
            map => map.Metadata.Labels[Labels.PodCheckpointUid] = "another",
            map => map.Immutable = null,
            map => map.Data = null,
            map => map.Data.Remove(AgentContract.PlanFile),
            map => map.Data[AgentContract.PlanFile] = "not json",
            map => map.Data[AgentContract.PlanFile] = "null",
            map => map.Data[AgentContract.PlanFile] = "{}",
            map => map.Data[AgentContract.PlanFile] = """{"podCheckpoint":null}""",
            map => map.Data[AgentContract.PlanFile] = JsonSerializer.Serialize(
                Given.Plan() with { PodCheckpoint = new PodCheckpointReference { Uid = "another" } }, ApiJson.Compact.CapturePlan),
        })
        {
            var map = PlanFactory.ConfigMap(Given.Plan(), new PodMetadata("", "", []), Given.Options);
            spoil(map);
            StoredPlan.Read(map, Given.Checkpoint()).Content.Should().BeNull();
        }
    }

    private static CapturePlan Plan(V1Pod pod, CaptureOptions? options = null, DateTimeOffset? now = null) =>
        PlanFactory.Plan(Given.Checkpoint(), pod, Given.Node(), "docker", Given.NoClaims, [], options ?? Given.Options, now ?? Given.Start);

    private static (string? Id, string? Previous) Ids(V1ContainerStatus status)
    {
        var pod = Given.Target();
        pod.Status.ContainerStatuses = [status];
        var container = Plan(pod).Containers.Single();
        return (container.Id, container.LastTerminatedId);
    }

    private static V1ContainerStatus Status(string name, string id) => new() { Name = name, ContainerID = id };

    private static V1ContainerState Ended(string id) => new() { Terminated = new V1ContainerStateTerminated { ContainerID = id } };
}
