using System.Globalization;
using System.Text;
using System.Text.Json;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Agent.Filesystems;
using Forensics.Tests.Agent.Filesystems.Layers;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Agent.Runtimes;

/// <summary>What every runtime gives of the containers of a real pod, from the real daemon. See <see cref="IContainerRuntime"/>.</summary>
[Category("Cluster")]
internal abstract class ContainerRuntimeContract
{
    protected Scenario Scenario { get; private set; } = null!;

    protected IContainerRuntime Runtime { get; private set; } = null!;

    protected abstract string Node { get; }

    /// <summary>The most layers of an image that this runtime can run.</summary>
    protected abstract int MostLayers { get; }

    /// <summary>Whether it reads root file systems by itself, too.</summary>
    protected abstract bool Exports { get; }

    protected abstract IContainerRuntime Connect();

    protected abstract CommandLine LoadImage(string archive);

    protected abstract Task PauseAsync(string id);

    protected abstract Task ResumeAsync(string id);

    protected abstract Task KillAsync(string id);

    /// <summary>A running container that has printed the numbers from 1 on, so many that its log was rotated, as this runtime's logs are.</summary>
    /// <returns>Its id.</returns>
    protected abstract Task<string> RunWithRotatedLogAsync();

    [OneTimeSetUp]
    public async Task StartScenarioAsync()
    {
        Scenario = await Scenario.StartAsync();
        Runtime = Connect();
    }

    [OneTimeTearDown]
    public async Task EndScenarioAsync()
    {
        Runtime.Dispose();
        await Scenario.DisposeAsync();
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

    [TestCase(false, TestName = "A_container_that_changed_nothing")]
    [TestCase(true, TestName = "A_container_whose_root_is_read_only")]
    public async Task A_container_with_nothing_of_its_own(bool hasReadOnlyRoot)
    {
        var container = await InspectAsync(new TargetPod(hasReadOnlyRoot ? "read-only" : "unchanged")
        {
            HasReadOnlyRoot = hasReadOnlyRoot,
            Containers = [("main", hasReadOnlyRoot ? $"touch /x; {TargetPod.Forever}" : TargetPod.Forever)],
            RestartPolicy = "Never",
        });
        var layers = await LayersAsync(container);
        Directory.Exists(layers.Upper).Should().BeTrue();
        Directory.GetFiles(layers.Upper!, "*", SearchOption.TopDirectoryOnly).Should().BeEmpty();

        await RunningAndExitedAsync(container, async seen =>
        {
            foreach (var archive in await CaptureAsync(seen))
            {
                archive.Names.Should().NotContain("x");
                archive.Content("bin/busybox").Should().Equal(await File.ReadAllBytesAsync("/bin/busybox"));
            }
        });
    }

    [Test]
    public async Task An_image_with_no_shell_in_it()
    {
        var container = await InspectAsync(new TargetPod("shell-less") { Image = LocalImages.Pause, Command = "/pause", RestartPolicy = "Never" });

        await RunningAndExitedAsync(container, async seen =>
        {
            foreach (var archive in await CaptureAsync(seen))
            {
                archive.Names.Should().NotContain(name => name.StartsWith("bin/", StringComparison.Ordinal));
                archive.Content("pause").Should().StartWith([0x7F, (byte)'E', (byte)'L', (byte)'F']);
            }
        });
    }

    [Test]
    public async Task An_image_with_as_many_layers_as_can_be()
    {
        await LayeredImage.MakeAsync(MostLayers, LoadImage);
        var container = await InspectAsync(new TargetPod("layered") { Image = LayeredImage.NameOf(MostLayers), RestartPolicy = "Never" });
        using var history = JsonDocument.Parse(await Runtime.ReadHistoryAsync(container, CancellationToken.None));
        history.RootElement.GetArrayLength().Should().Be(MostLayers);

        var layers = await LayersAsync(container);

        layers.Lowers.Should().HaveCountGreaterOrEqualTo(MostLayers);
        var tops = layers.Lowers.Where(lower => File.Exists(Path.Combine(lower, "top"))).Select(lower => File.ReadAllText(Path.Combine(lower, "top")));
        tops.Should().Equal(Enumerable.Range(1, MostLayers - 1).Reverse().Select(layer => $"{layer}"), "the topmost comes first");
        await RunningAndExitedAsync(container, async seen =>
        {
            await ShouldShowTheIntrusionAsync(seen);
            foreach (var archive in await CaptureAsync(seen))
            {
                Encoding.ASCII.GetString(archive.Content("top")).Should().Be($"{MostLayers - 1}");
                archive.Content("bin/busybox").Should().Equal(await File.ReadAllBytesAsync("/bin/busybox"), "the lowest layer has it");
            }
        });
    }

    [Test]
    public async Task What_a_container_changed()
    {
        var container = await InspectAsync(new TargetPod("changed") { Containers = [("main", $"{TargetPod.Intrusion}; touch /done; {TargetPod.Forever}")] });
        var layers = await LayersAsync(container);
        await RealCluster.EventuallyAsync("it is done", RealCluster.Patience, () => Task.FromResult(File.Exists($"{layers.Upper}/done")), there => there);

        var diff = RootDiffTests.Diff(layers.ToRoot());

        diff.Should().Contain(["A /done", "C /tmp", "A /tmp/intruder", "C /etc", "C /etc/passwd", "D /etc/group"]);
        if (Runtime.Export is not { } export) return;
        var told = new List<string>();
        await foreach (var change in export.DiffAsync(container.Id, CancellationToken.None)) told.Add($"{change.Kind.ToString()[0]} {change.Path}");
        told.Should().BeEquivalentTo(diff);
    }

    [Test]
    public void Whether_it_reads_file_systems_by_itself() => (Runtime.Export is not null).Should().Be(Exports);

    [Test]
    public async Task The_log_of_a_container_and_that_of_its_previous_instance()
    {
        const string script = "n=$(ls /shared | wc -l); touch /shared/$n; echo instance $n; [ $n -gt 0 ] || exit 3";
        await RunAsync(new TargetPod("restarted")
        {
            Containers = [("main", $"{script}; {TargetPod.Forever}")],
            Volumes = "[{name: shared, emptyDir: {}}]",
            Mounts = "[{name: shared, mountPath: /shared}]",
        });
        await RealCluster.EventuallyAsync(
            "it has been restarted",
            RealCluster.Patience,
            () => RealCluster.KubectlAsync("get", "pod", "-n", Scenario.Namespace, "restarted", "-o", "jsonpath={.status.containerStatuses[0]['ready', 'restartCount']}"),
            seen => seen == "true 1");
        var previous = await ContainerIdAsync("restarted", "lastState.terminated.containerID");
        var current = await ContainerIdAsync("restarted", "containerID");

        foreach (var (id, instance) in new[] { (previous, 0), (current, 1) })
            (await LogsAsync(await Runtime.InspectAsync(id, CancellationToken.None))).Should().MatchRegex($@"^\S+ stdout F instance {instance}\n$");
    }

    [Test]
    public async Task A_log_that_was_rotated_is_read_from_its_first_line_to_its_last()
    {
        var container = await Runtime.InspectAsync(await RunWithRotatedLogAsync(), CancellationToken.None);

        var lines = (await LogsAsync(container)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Should().Equal(
            Enumerable.Range(1, lines.Length).Select(number => $"stdout F {number.ToString(CultureInfo.InvariantCulture)}")).And.HaveCountGreaterThan(10_000);
    }

    /// <summary>Looks at it, has it killed, and looks again.</summary>
    private async Task RunningAndExitedAsync(InspectedContainer container, Func<InspectedContainer, Task> look)
    {
        await look(container);
        await KillAsync(container.Id);
        var pod = container.Labels[KubernetesLabels.PodName];
        await RealCluster.EventuallyAsync(
            "it has exited", RealCluster.Patience, () => RealCluster.KubectlAsync("get", "pod", "-n", Scenario.Namespace, pod, "-o", "jsonpath={.status.phase}"), phase => phase == "Failed");
        await look(await Runtime.InspectAsync(container.Id, CancellationToken.None));
    }

    /// <summary>Its root file system as each way that there is reads it: our engine from the layers, the runtime itself.</summary>
    private async Task<IReadOnlyList<WalkedArchive>> CaptureAsync(InspectedContainer container)
    {
        var ofLayers = EngineArchive.Of((await LayersAsync(container)).ToRoot());
        ofLayers.Notes.Should().BeEmpty();
        ofLayers.Summary.Captured.Should().Be(ofLayers.Names.Count);
        var archives = new List<WalkedArchive> { WalkedArchive.Of(ofLayers.Bytes) };
        if (Runtime.Export is { } export)
        {
            await using var stream = await export.OpenAsync(container.Id, CancellationToken.None);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            archives.Add(WalkedArchive.Of(bytes.ToArray()));
        }

        return archives;
    }

    /// <summary>The pod's UID.</summary>
    private async Task<string> RunAsync(TargetPod pod)
    {
        await Scenario.RunPodAsync(pod with { Node = Node });
        return await RealCluster.KubectlAsync("get", "pod", "-n", Scenario.Namespace, pod.Name, "-o", "jsonpath={.metadata.uid}");
    }

    private async Task<InspectedContainer> InspectAsync(TargetPod pod)
    {
        await RunAsync(pod);
        return await Runtime.InspectAsync(await ContainerIdAsync(pod.Name, "containerID"), CancellationToken.None);
    }

    /// <param name="field">Of the first container's status.</param>
    private async Task<string> ContainerIdAsync(string pod, string field)
    {
        var id = await RealCluster.EventuallyAsync(
            "its container has an id",
            RealCluster.Patience,
            () => RealCluster.KubectlAsync("get", "pod", "-n", Scenario.Namespace, pod, "-o", $"jsonpath={{.status.containerStatuses[0].{field}}}"),
            id => id.Contains("://", StringComparison.Ordinal));
        id.Should().StartWith(Runtime.Name + "://");
        return id[(id.IndexOf("://", StringComparison.Ordinal) + 3)..];
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
        foreach (var archive in await CaptureAsync(container)) Encoding.ASCII.GetString(archive.Content("tmp/intruder")).Should().Be("gotcha\n");
    }

    private async Task<string> LogsAsync(InspectedContainer container)
    {
        var text = new StringBuilder();
        await foreach (var lines in Runtime.ReadLogsAsync(container, CancellationToken.None)) text.Append(Encoding.UTF8.GetString(lines.Span));
        return text.ToString();
    }
}
