using Forensics.Api;
using Forensics.Controller.Checkpoints.Nodes;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Nodes;

/// <summary>What an agent is given on each kind of node, and how a deployment says that it lies elsewhere.</summary>
internal sealed class NodeLayoutsTests
{
    [TestCase("docker", "v1.23.1", null, "docker", "/var/run/docker.sock")]
    [TestCase("docker", "v1.32.1+k3s1", null, "docker", "/var/run/docker.sock")]
    [TestCase("containerd", "v1.32.1", null, "containerd", "/run/containerd/containerd.sock")]
    [TestCase("containerd", "v1.32.1-eks-1234567", null, "containerd", "/run/containerd/containerd.sock")]
    [TestCase("containerd", "v1.32.1+k3s1", null, "k3s", "/run/k3s/containerd/containerd.sock")]
    [TestCase("containerd", "v1.32.1+rke2r1", null, "rke2", "/run/k3s/containerd/containerd.sock")]
    [TestCase("containerd", "v1.32.1", "microk8s.io/cluster", "microk8s", "/var/snap/microk8s/common/run/containerd.sock")]
    [TestCase("containerd", "v1.32.1", "node.kubernetes.io/microk8s-worker", "microk8s", "/var/snap/microk8s/common/run/containerd.sock")]
    [TestCase("cri-o", "v1.32.1", null, "cri-o", "/var/run/crio/crio.sock")]
    public void The_kind_of_node_follows_from_the_runtime_the_kubelets_version_and_the_labels(
        string runtime, string kubelet, string? label, string kind, string socket)
    {
        var layout = Layout(runtime, kubelet, label);

        (layout.Profile, layout.Socket).Should().Be((kind, socket));
    }

    [Test]
    public void A_node_that_the_API_server_does_not_show_is_of_the_plain_kind() =>
        NodeLayouts.For("containerd", null, "uid", []).Profile.Should().Be("containerd");

    [Test]
    public void Of_Docker_it_is_given_the_data_root_and_the_pods_folder() =>
        Layout("docker", "v1.23.1").Directories.Should().Equal(
            new HostMount("/var/lib/docker", "/run/forensics/host/root"),
            new HostMount("/var/lib/kubelet/pods/pod-uid", "/run/forensics/host/pod"));

    [Test]
    public void Of_the_others_the_runtimes_state_and_the_pods_logs_too() =>
        Layout("containerd", "v1.32.1+k3s1").Directories.Should().Equal(
            new HostMount("/var/lib/rancher/k3s/agent/containerd", "/run/forensics/host/root"),
            new HostMount("/run/k3s/containerd", "/run/forensics/host/state"),
            new HostMount("/var/log/pods", "/run/forensics/host/logs"),
            new HostMount("/var/lib/kubelet/pods/pod-uid", "/run/forensics/host/pod"));

    [Test]
    public void A_deployments_own_paths_go_over_its_kinds_and_no_others()
    {
        var layout = Layout(
            "containerd", "v1.32.1", null,
            "containerd.socket=/s", "containerd.root=/r/", "containerd.state=/t", "containerd.kubelet=/k", "containerd.logs=/l", "docker.root=/no", "k3s.root=/no");

        layout.Socket.Should().Be("/s");
        layout.Directories.Select(mount => mount.HostPath).Should().Equal("/r", "/t", "/l", "/k/pods/pod-uid");
    }

    [TestCase("podman.socket=/x", "kind of node")]
    [TestCase("docker=/x", "docker.socket")]
    [TestCase("docker.sock=/x", "docker.socket")]
    [TestCase("docker.socket", "absolute path")]
    [TestCase("docker.socket=", "absolute path")]
    [TestCase("docker.socket=/", "absolute path")]
    [TestCase("docker.socket=run/x", "absolute path")]
    [TestCase("docker.socket=/run/../etc", "absolute path")]
    public void What_is_no_path_of_a_node_is_told(string text, string error)
    {
        NodePath.Parse(text, out var told).Should().BeNull();
        told.Should().Contain(text).And.Contain(error);
    }

    private static NodeLayout Layout(string runtime, string kubelet, string? label = null, params string[] paths) => NodeLayouts.For(
        runtime,
        new V1Node
        {
            Metadata = new V1ObjectMeta { Labels = label is null ? null : new Dictionary<string, string> { [label] = "true" } },
            Status = new V1NodeStatus { NodeInfo = new V1NodeSystemInfo { KubeletVersion = kubelet } },
        },
        "pod-uid",
        [.. paths.Select(path => NodePath.Parse(path, out _)!)]);
}
