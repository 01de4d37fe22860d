using System.Text;
using System.Text.Json;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Agent.Runtimes;

/// <summary>What every runtime gives of the containers of a real pod, from the real daemon. See <see cref="IContainerRuntime"/>.</summary>
[Category("Cluster")]
internal abstract class ContainerRuntimeContract
{
    private Scenario _scenario = null!;

    protected IContainerRuntime Runtime { get; private set; } = null!;

    protected abstract string Node { get; }

    /// <summary>The most layers of an image that this runtime can run.</summary>
    protected abstract int MostLayers { get; }

    protected abstract IContainerRuntime Connect();

    protected abstract CommandLine LoadImage(string archive);

    protected abstract Task PauseAsync(string id);

    protected abstract Task ResumeAsync(string id);

    [OneTimeSetUp]
    public async Task StartScenarioAsync()
    {
        _scenario = await Scenario.StartAsync();
        Runtime = Connect();
    }

    [OneTimeTearDown]
    public async Task EndScenarioAsync()
    {
        Runtime.Dispose();
        await _scenario.DisposeAsync();
    }

    [Test]
    public async Task It_says_which_it_is()
    {
        var identity = await Runtime.IdentifyAsync(CancellationToken.None);

        identity.Name.Should().Be(Runtime.Name);
        identity.Version.Should().MatchRegex(@"^\d+\.\d+");
        identity.ApiVersion.Should().NotBeNullOrEmpty();
        identity.StorageDriver.Should().StartWith("overlay");
    }

    [Test]
    public async Task Every_container_of_a_pod_is_found_by_its_uid_and_its_sandbox_too()
    {
        var uid = await RunAsync(new TargetPod("listed")
        {
            Init = [("prepare", "true")],
            Containers = [("web", TargetPod.Forever), ("helper", TargetPod.Forever)],
        });

        var held = await Runtime.ListPodAsync(uid, CancellationToken.None);

        held.Where(container => !container.IsSandbox).Select(container => container.Name).Should().BeEquivalentTo(["prepare", "web", "helper"]);
        var sandbox = held.Should().ContainSingle(container => container.IsSandbox).Which;
        (await Runtime.InspectAsync(sandbox.Id, CancellationToken.None)).Labels.Should().Contain(KubernetesLabels.PodUid, uid);
    }

    [Test]
    public async Task What_it_does_not_hold_is_gone() =>
        (await FluentActions.Awaiting(() => Runtime.InspectAsync(new string('0', 64), CancellationToken.None)).Should().ThrowAsync<RuntimeException>())
            .Which.Reason.Should().Be(Reasons.ContainerGone);

    [Test]
    public async Task A_running_container()
    {
        var container = await InspectAsync(new TargetPod("running"));

        container.Image.Should().NotBeNullOrEmpty();
        container.ImageId.Should().NotBeNullOrEmpty();
        container.Labels.Should().Contain(KubernetesLabels.ContainerName, "main");
        using var json = JsonDocument.Parse(container.Json);
        json.RootElement.ValueKind.Should().Be(JsonValueKind.Object);
        await ShouldShowTheIntrusionAsync(container);
    }

    [Test]
    public async Task An_exited_container()
    {
        var container = await InspectAsync(new TargetPod("exited")
        {
            Containers = [("main", $"{TargetPod.Intrusion}; echo serving; exit 3")],
            RestartPolicy = "Never",
            SettledPhase = "Failed",
        });

        await ShouldShowTheIntrusionAsync(container);
        (await LogsAsync(container)).Should().MatchRegex(@"^\S+ stdout F serving\n$");
    }

    [Test]
    public async Task A_paused_container()
    {
        var container = await InspectAsync(new TargetPod("paused") { Containers = [("main", $"{TargetPod.Intrusion}; echo serving; {TargetPod.Forever}")] });
        await PauseAsync(container.Id);
        try
        {
            await ShouldShowTheIntrusionAsync(await Runtime.InspectAsync(container.Id, CancellationToken.None));
            (await LogsAsync(container)).Should().MatchRegex(@"^\S+ stdout F serving\n$");
        }
        finally
        {
            await ResumeAsync(container.Id);
        }
    }

    [Test]
    public async Task A_container_whose_root_is_read_only_and_one_that_changed_nothing()
    {
        foreach (var pod in new[] { new TargetPod("unchanged") { Containers = [("main", TargetPod.Forever)] }, new TargetPod("read-only") { HasReadOnlyRoot = true, Containers = [("main", $"touch /x; {TargetPod.Forever}")] } })
        {
            var layers = await LayersAsync(await InspectAsync(pod));

            Directory.Exists(layers.Upper).Should().BeTrue();
            Directory.GetFiles(layers.Upper!, "*", SearchOption.TopDirectoryOnly).Should().BeEmpty();
            layers.Lowers.Should().Contain(lower => File.Exists(Path.Combine(lower, "bin/busybox")));
        }
    }

    [Test]
    public async Task An_image_with_no_shell_in_it()
    {
        var container = await InspectAsync(new TargetPod("shell-less") { Image = LocalImages.Pause, Command = "/pause" });

        (await LayersAsync(container)).Lowers.Should().Contain(lower => File.Exists(Path.Combine(lower, "pause")));
    }

    [Test]
    public async Task An_image_with_as_many_layers_as_can_be()
    {
        await LayeredImage.MakeAsync(MostLayers, LoadImage);
        var container = await InspectAsync(new TargetPod("layered") { Image = LayeredImage.NameOf(MostLayers) });
        using var history = JsonDocument.Parse(await Runtime.ReadHistoryAsync(container, CancellationToken.None));
        history.RootElement.GetArrayLength().Should().Be(MostLayers);

        var layers = await LayersAsync(container);

        layers.Lowers.Should().HaveCountGreaterOrEqualTo(MostLayers);
        var tops = layers.Lowers.Where(lower => File.Exists(Path.Combine(lower, "top"))).Select(lower => File.ReadAllText(Path.Combine(lower, "top")));
        tops.Should().Equal(Enumerable.Range(1, MostLayers - 1).Reverse().Select(layer => $"{layer}"), "the topmost comes first");
        await ShouldShowTheIntrusionAsync(container);
    }

    /// <summary>The pod's UID.</summary>
    private async Task<string> RunAsync(TargetPod pod)
    {
        await _scenario.RunPodAsync(pod with { Node = Node });
        return await RealCluster.KubectlAsync("get", "pod", "-n", _scenario.Namespace, pod.Name, "-o", "jsonpath={.metadata.uid}");
    }

    private async Task<InspectedContainer> InspectAsync(TargetPod pod)
    {
        await RunAsync(pod);
        var id = await RealCluster.EventuallyAsync(
            "its container has an id",
            RealCluster.Patience,
            () => RealCluster.KubectlAsync("get", "pod", "-n", _scenario.Namespace, pod.Name, "-o", "jsonpath={.status.containerStatuses[0].containerID}"),
            id => id.Contains("://", StringComparison.Ordinal));
        id.Should().StartWith(Runtime.Name + "://");
        return await Runtime.InspectAsync(id[(id.IndexOf("://", StringComparison.Ordinal) + 3)..], CancellationToken.None);
    }

    private async Task<RootLayers> LayersAsync(InspectedContainer container)
    {
        var located = await Runtime.LocateRootAsync(container, CancellationToken.None);
        located.Problem.Should().BeNull();
        return located.Layers!;
    }

    private async Task ShouldShowTheIntrusionAsync(InspectedContainer container)
    {
        var layers = await LayersAsync(container);
        var intruder = Path.Combine(layers.Upper!, "tmp/intruder");
        await RealCluster.EventuallyAsync("the intruder has been there", RealCluster.Patience, () => Task.FromResult(File.Exists(intruder)), there => there);
        (await File.ReadAllTextAsync(intruder)).Should().Be("gotcha\n");
    }

    private async Task<string> LogsAsync(InspectedContainer container)
    {
        var text = new StringBuilder();
        await foreach (var lines in Runtime.ReadLogsAsync(container, CancellationToken.None)) text.Append(Encoding.UTF8.GetString(lines.Span));
        return text.ToString();
    }
}
