using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class JobFactoryTests
{
    [Test]
    public void The_Job_is_known_by_the_PodCheckpoints_UID_and_owned_by_the_plan()
    {
        var job = Make();

        job.Metadata.Name.Should().Be(Given.Name);
        job.Metadata.NamespaceProperty.Should().Be("forensics-workers");
        CaptureIdentity.UidOf(job.Metadata).Should().Be(Given.Uid);
        CaptureIdentity.KeyOf(job.Metadata)!.Value.ToString().Should().Be("cases/case-42");
        var owner = job.Metadata.OwnerReferences.Should().ContainSingle().Subject;
        (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid).Should().Be(("v1", "ConfigMap", Given.Name, Given.PlanUid));
        owner.Controller.Should().BeTrue();
    }

    [Test]
    public void Its_pod_is_found_by_the_same_labels_and_by_upstreams()
    {
        var pod = Make().Spec.Template.Metadata;

        CaptureIdentity.UidOf(pod).Should().Be(Given.Uid);
        CaptureIdentity.KeyOf(pod)!.Value.ToString().Should().Be("cases/case-42");
        pod.Labels.Should().Contain(Labels.Component, Labels.AgentComponent).And.Contain("env", "security");
    }

    [Test]
    public void One_agent_once()
    {
        var spec = Make().Spec;

        (spec.Parallelism, spec.Completions, spec.BackoffLimit).Should().Be((1, 1, 0));
        spec.PodReplacementPolicy.Should().Be("Failed");
        spec.Template.Spec.RestartPolicy.Should().Be("Never");
        spec.ActiveDeadlineSeconds.Should().Be(6 * 60 * 60);
        spec.TtlSecondsAfterFinished.Should().BeNull("the controller removes the Job, after the status is final");
    }

    [Test]
    public void It_is_pinned_to_the_node_by_its_object_name_whatever_the_host_calls_itself()
    {
        var pod = Make().Spec.Template.Spec;

        var term = pod.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms.Should().ContainSingle().Subject;
        term.MatchExpressions.Should().BeNull();
        var field = term.MatchFields.Should().ContainSingle().Subject;
        (field.Key, field.OperatorProperty, field.Values.Single()).Should().Be(("metadata.name", "In", "node-1"));
        pod.NodeName.Should().BeNull("that would skip the scheduler");
    }

    [Test]
    public void By_option_it_skips_the_scheduler()
    {
        var pod = Make(options: Given.Options with { PinByNodeName = true }).Spec.Template.Spec;

        pod.NodeName.Should().Be("node-1");
        pod.Affinity.Should().BeNull();
    }

    [Test]
    public void It_tolerates_every_taint()
    {
        var toleration = Make().Spec.Template.Spec.Tolerations.Should().ContainSingle().Subject;
        toleration.Should().BeEquivalentTo(new V1Toleration { OperatorProperty = "Exists" });
    }

    [Test]
    public void The_suspect_node_gains_no_token() => Make().Spec.Template.Spec.AutomountServiceAccountToken.Should().BeFalse();

    [Test]
    public void It_mounts_the_plan_and_what_the_plan_says_of_the_node_typed_and_read_only_and_nothing_else()
    {
        var pod = Make().Spec.Template.Spec;

        pod.Volumes.Where(v => v.HostPath is not null).Select(v => (v.HostPath.Path, v.HostPath.Type)).Should().BeEquivalentTo(
            [("/var/run/docker.sock", "Socket"), ("/var/lib/docker", "Directory"), ("/var/lib/kubelet/pods/target-uid", "Directory")]);
        pod.Volumes.Where(v => v.HostPath is null).Should().ContainSingle().Which.ConfigMap.Name.Should().Be(Given.Name);
        var mounts = pod.Containers.Single().VolumeMounts;
        mounts.Should().HaveCount(4).And.OnlyContain(m => m.ReadOnlyProperty == true);
        mounts.Should().OnlyContain(m => m.MountPropagation == (m.MountPath == AgentContract.PlanDirectory ? null : "HostToContainer"));
        mounts.Select(m => m.MountPath).Should().BeEquivalentTo(
            [AgentContract.PlanDirectory, AgentContract.RuntimeSocket, "/run/forensics/host/root", "/run/forensics/host/pod"]);
    }

    [Test]
    public void A_plan_without_a_node_mounts_nothing_of_it() =>
        Make(plan: Given.Plan() with { Node = null }).Spec.Template.Spec.Volumes.Should().ContainSingle().Which.HostPath.Should().BeNull();

    [Test]
    public void The_agent_learns_who_and_where_it_is_and_leaves_its_outcome_in_any_case()
    {
        var agent = Make().Spec.Template.Spec.Containers.Single();

        agent.Env.ToDictionary(e => e.Name, e => e.ValueFrom.FieldRef.FieldPath).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            [AgentContract.PodNameVariable] = "metadata.name",
            [AgentContract.PodUidVariable] = "metadata.uid",
            [AgentContract.NodeNameVariable] = "spec.nodeName",
        });
        agent.TerminationMessagePath.Should().Be(AgentContract.TerminationLog);
        agent.TerminationMessagePolicy.Should().Be("FallbackToLogsOnError");
        agent.Command.Should().BeNull("no shell, the image's own entry point");
    }

    [Test]
    public void What_Kustomize_patched_into_the_template_survives()
    {
        var template = Given.Template();
        template.Template.Metadata = new V1ObjectMeta
        {
            Labels = new Dictionary<string, string> { ["team"] = "red", [Labels.PodCheckpointUid] = "forged" },
            Annotations = new Dictionary<string, string> { ["iam"] = "role" },
        };
        var spec = template.Template.Spec;
        spec.ServiceAccountName = "forensics-agent";
        spec.ImagePullSecrets = [new V1LocalObjectReference { Name = "registry" }];
        spec.PriorityClassName = "system-node-critical";
        spec.Affinity = new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity() };
        spec.Volumes = [new V1Volume { Name = "ca", Secret = new V1SecretVolumeSource { SecretName = "ca" } }];
        spec.Containers.Insert(0, new V1Container { Name = "sidecar", Image = "proxy:1" });
        var own = spec.Containers[1];
        own.Env = [new V1EnvVar { Name = "AWS_REGION", Value = "eu-west-1" }, new V1EnvVar { Name = AgentContract.PodUidVariable, Value = "forged" }];
        own.VolumeMounts = [new V1VolumeMount { Name = "ca", MountPath = "/etc/ssl" }];
        own.Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("256Mi") } };
        own.SecurityContext = new V1SecurityContext { ReadOnlyRootFilesystem = true };

        var pod = Make(template).Spec.Template;

        pod.Metadata.Labels.Should().Contain("team", "red").And.Contain(Labels.PodCheckpointUid, Given.Uid);
        pod.Metadata.Annotations.Should().Contain("iam", "role").And.Contain(Labels.PodCheckpointName, "case-42");
        pod.Spec.ServiceAccountName.Should().Be("forensics-agent");
        pod.Spec.ImagePullSecrets.Should().ContainSingle();
        pod.Spec.PriorityClassName.Should().Be("system-node-critical");
        pod.Spec.Affinity.PodAntiAffinity.Should().NotBeNull();
        pod.Spec.Affinity.NodeAffinity.Should().NotBeNull();
        pod.Spec.Volumes.Select(v => v.Name).Should().Contain("ca").And.HaveCount(5);
        pod.Spec.Containers[0].VolumeMounts.Should().BeNull("evidence's socket is for the agent alone");
        var agent = pod.Spec.Containers[1];
        agent.Image.Should().Be("forensics-agent:1");
        agent.Env.Should().ContainSingle(e => e.Name == "AWS_REGION" && e.Value == "eu-west-1");
        agent.Env.Should().ContainSingle(e => e.Name == AgentContract.PodUidVariable).Which.ValueFrom.Should().NotBeNull();
        agent.VolumeMounts.Select(m => m.MountPath).Should().Contain("/etc/ssl").And.HaveCount(5);
        agent.Resources.Limits["memory"].ToString().Should().Be("256Mi");
        agent.SecurityContext.ReadOnlyRootFilesystem.Should().BeTrue();
    }

    [Test]
    public void The_template_itself_is_not_written_to()
    {
        var template = Given.Template();
        Make(template);
        template.Should().BeEquivalentTo(Given.Template());
    }

    [Test]
    public void The_flag_s_image_goes_over_the_templates() =>
        Make(options: Given.Options with { WorkerImage = "mirror/agent:2" }).Spec.Template.Spec.Containers.Single().Image.Should().Be("mirror/agent:2");

    [Test]
    public void A_template_that_cannot_be_used_is_told_with_what_to_do()
    {
        JobFactory.TroubleWith(Given.Template(), Given.Options).Should().BeNull();
        JobFactory.TroubleWith(null, Given.Options)!.Reason.Should().Be(Reasons.AgentTemplateMissing);
        JobFactory.TroubleWith(new V1PodTemplate(), Given.Options)!.Reason.Should().Be(Reasons.AgentTemplateInvalid);

        var nameless = Given.Template();
        nameless.Template.Spec.Containers[0].Name = "worker";
        JobFactory.TroubleWith(nameless, Given.Options)!.Message.Should().Contain("no container 'agent'");

        var imageless = Given.Template();
        imageless.Template.Spec.Containers[0].Image = null;
        JobFactory.TroubleWith(imageless, Given.Options)!.Message.Should().Contain("--worker-image");
        JobFactory.TroubleWith(imageless, Given.Options with { WorkerImage = "agent:1" }).Should().BeNull();
    }

    private static V1Job Make(V1PodTemplate? template = null, CapturePlan? plan = null, CaptureOptions? options = null) =>
        JobFactory.Job(template ?? Given.Template(), plan ?? Given.Plan(), Given.PlanUid, options ?? Given.Options);
}
