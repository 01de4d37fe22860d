using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>What captures rely on from the API server. The fake that the reconciler's tests run on keeps it like the real one.</summary>
internal abstract class ClusterApiContract
{
    private readonly string _uid = Guid.NewGuid().ToString();

    protected abstract IClusterApi Api { get; }

    protected abstract CaptureOptions Options { get; }

    private string Name => CaptureIdentity.NameOf(_uid);

    [Test]
    public async Task Where_there_are_no_plans_none_are_listed() =>
        (await Api.ListPlansAsync(CancellationToken.None).ToListAsync()).Select(plan => plan.Name).Should().NotContain(Name);

    [Test]
    public async Task A_plan_is_created_once_found_by_name_and_listed_with_its_labels()
    {
        var created = await Api.CreatePlanAsync(Plan(), CancellationToken.None);
        var again = await Api.CreatePlanAsync(Plan(), CancellationToken.None);

        var stored = created.Should().BeOfType<Creation<V1ConfigMap>.Created>().Subject.Value;
        again.Should().BeOfType<Creation<V1ConfigMap>.Exists>();
        (await Api.GetPlanAsync(Name, CancellationToken.None))!.Metadata.Uid.Should().Be(stored.Metadata.Uid);
        (await Api.ListPlansAsync(CancellationToken.None).ToListAsync()).Should().ContainSingle(plan => plan.Name == Name)
            .Which.Labels[Labels.PodCheckpointUid].Should().Be(_uid);
    }

    [Test]
    public async Task A_plan_goes_only_by_its_own_UID_and_its_being_gone_is_success()
    {
        var created = (Creation<V1ConfigMap>.Created)await Api.CreatePlanAsync(Plan(), CancellationToken.None);

        await Api.DeletePlanAsync(Name, Guid.NewGuid().ToString(), CancellationToken.None);
        (await Api.GetPlanAsync(Name, CancellationToken.None)).Should().NotBeNull();
        await Api.DeletePlanAsync(Name, created.Value.Metadata.Uid, CancellationToken.None);
        (await Api.GetPlanAsync(Name, CancellationToken.None)).Should().BeNull();
        await Api.DeletePlanAsync(Name, created.Value.Metadata.Uid, CancellationToken.None);
    }

    [Test]
    public async Task A_Job_is_created_once_and_goes_only_by_its_own_UID()
    {
        var created = await Api.CreateJobAsync(Job(), CancellationToken.None);
        var again = await Api.CreateJobAsync(Job(), CancellationToken.None);

        var stored = created.Should().BeOfType<Creation<AgentJob>.Created>().Subject.Value;
        again.Should().BeOfType<Creation<AgentJob>.Exists>();
        await Api.DeleteJobAsync(Name, Guid.NewGuid().ToString(), CancellationToken.None);
        (await Api.GetJobAsync(Name, CancellationToken.None)).Should().NotBeNull();
        await Api.DeleteJobAsync(Name, stored.Metadata.Uid, CancellationToken.None);
        (await Api.GetJobAsync(Name, CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task What_is_not_there_is_null_and_never_an_error()
    {
        (await Api.GetPlanAsync(Name, CancellationToken.None)).Should().BeNull();
        (await Api.GetJobAsync(Name, CancellationToken.None)).Should().BeNull();
        (await Api.GetNodeAsync("no-such-node", CancellationToken.None)).Should().BeNull();
        (await Api.GetClaimedVolumeAsync(new(Options.WorkerNamespace, "no-such-claim"), CancellationToken.None)).Should().BeNull();
        (await Api.GetPodTemplateAsync("no-such-template", CancellationToken.None)).Should().BeNull();
        (await Api.GetTargetPodAsync(new(Options.WorkerNamespace, "no-such-pod"), CancellationToken.None)).Should().BeNull();
        (await Api.ListAgentPodsAsync(_uid, CancellationToken.None)).Should().BeEmpty();
        (await Api.ListEventsAsync(Options.WorkerNamespace, "Job", Name, CancellationToken.None)).Should().BeEmpty();
    }

    [Test]
    public async Task An_event_that_is_recorded_twice_is_there_once()
    {
        var recorded = new Corev1Event
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = Options.WorkerNamespace, Name = $"contract.{_uid}" },
            InvolvedObject = new V1ObjectReference { Kind = "Job", Name = Name, NamespaceProperty = Options.WorkerNamespace },
            Reason = "Tested",
            Message = "Recorded by a test.",
            Type = "Normal",
        };

        await Api.CreateEventAsync(recorded, CancellationToken.None);
        await Api.CreateEventAsync(recorded, CancellationToken.None);

        (await Api.ListEventsAsync(Options.WorkerNamespace, "Job", Name, CancellationToken.None)).Should().ContainSingle(e => e.Reason == "Tested");
    }

    private V1ConfigMap Plan() => new()
    {
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Options.WorkerNamespace, Labels = CaptureIdentity.LabelsFor(_uid) },
        Immutable = true,
        Data = new Dictionary<string, string> { ["plan.json"] = "{}" },
    };

    // Suspended by its parallelism: no pod of it is ever made.
    private V1Job Job() => new()
    {
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Options.WorkerNamespace, Labels = CaptureIdentity.LabelsFor(_uid) },
        Spec = new V1JobSpec
        {
            Parallelism = 0,
            Template = new V1PodTemplateSpec
            {
                Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "agent", Image = "none" }] },
            },
        },
    };
}
