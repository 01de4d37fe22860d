using System.Text;
using System.Text.Json;
using Forensics.Agent.Retries;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Cri;
using Forensics.Agent.Runtimes.Cri.Protos;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using ContainerStatus = Forensics.Agent.Runtimes.Cri.Protos.ContainerStatus;

namespace Forensics.Tests.Agent.Runtimes.Cri;

/// <summary>The CRI against a runtime that answers, and fails, by script.</summary>
internal sealed class CriRuntimeTests
{
    private const string Id = "0123456789abcdef";
    private const string V1 = "/runtime.v1.RuntimeService/";
    private const string V1Alpha2 = "/runtime.v1alpha2.RuntimeService/";
    private const string Snapshots = "/containerd.services.snapshots.v1.Snapshots/Mounts";
    private ScriptedCri _server = null!;
    private CriRuntime _runtime = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ScriptedCri.StartAsync();
        _server.On(V1 + "Version", new VersionResponse { RuntimeName = "containerd", RuntimeVersion = "1.6.20", RuntimeApiVersion = "v1" });
        _runtime = Connect(_server.Socket, TimeSpan.FromSeconds(30));
    }

    [TearDown]
    public async Task Stop()
    {
        _runtime.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_runtime_says_which_it_is_and_what_keeps_its_layers()
    {
        _server.On(V1 + "Status", new StatusResponse { Info = { ["config"] = """{"containerd":{"snapshotter":"overlayfs"}}""" } });

        (await _runtime.IdentifyAsync(CancellationToken.None)).Should().Be(
            new RuntimeIdentity { Name = "containerd", Version = "1.6.20", ApiVersion = "v1", StorageDriver = "overlayfs" });
    }

    [Test]
    public async Task A_runtime_that_knows_v1alpha2_only_is_asked_by_that()
    {
        await using var old = await ScriptedCri.StartAsync();
        old.On(V1Alpha2 + "Version", new VersionResponse { RuntimeName = "containerd", RuntimeVersion = "1.5.9", RuntimeApiVersion = "v1alpha2" });
        old.On(V1Alpha2 + "ContainerStatus", Answer("web"));
        using var runtime = Connect(old.Socket, TimeSpan.FromSeconds(30));

        (await runtime.InspectAsync(Id, CancellationToken.None)).Name.Should().Be("web");
        old.Requests.Should().Equal(V1 + "Version", V1Alpha2 + "Version", V1Alpha2 + "ContainerStatus");
    }

    [Test]
    public async Task What_speaks_no_CRI_is_told_from_a_runtime()
    {
        await using var stranger = await ScriptedCri.StartAsync();
        using var runtime = Connect(stranger.Socket, TimeSpan.FromSeconds(30));

        var error = (await FluentActions.Awaiting(() => runtime.IdentifyAsync(CancellationToken.None)).Should().ThrowAsync<RuntimeException>()).Which;
        error.Reason.Should().Be(Reasons.RuntimeFailed);
        error.Message.Should().Contain("no container runtime with its CRI enabled");
    }

    [Test]
    public async Task Inspect_is_what_crictl_prints_with_the_runtimes_own_part_as_it_came()
    {
        const string own = """{"pid":42,"runtimeSpec":{"ociVersion":"1.0.2-dev"}, "unknown":[1,2]}""";
        _server.On(V1 + "ContainerStatus", Answer("web", own));

        var inspected = await _runtime.InspectAsync(Id, CancellationToken.None);

        inspected.Should().BeEquivalentTo(
            new { Id, Name = "web", Image = "web:1", ImageId = "sha256:1", LogPath = "/var/log/pods/x/web/0.log", IsSandbox = false });
        var text = Encoding.UTF8.GetString(inspected.Json.Span);
        text.Should().Contain($"\"info\": {own}");
        using var json = JsonDocument.Parse(inspected.Json);
        var status = json.RootElement.GetProperty("status");
        status.GetProperty("state").GetString().Should().Be("CONTAINER_EXITED");
        status.GetProperty("createdAt").GetString().Should().Be("2026-11-25T10:32:59.000000007Z");
        status.GetProperty("exitCode").GetInt32().Should().Be(137);
        status.GetProperty("labels").GetProperty("app").GetString().Should().Be("shop");
    }

    [Test]
    public async Task An_id_that_is_no_containers_may_be_a_sandboxs()
    {
        _server.OnRefusal(V1 + "ContainerStatus", StatusCode.NotFound, "not found");
        _server.On(V1 + "PodSandboxStatus", new PodSandboxStatusResponse
        {
            Status = new PodSandboxStatus { Id = Id, Metadata = new PodSandboxMetadata { Name = "bad-pod" } },
            Info = { ["info"] = """{"image":"pause:1"}""" },
        });

        (await _runtime.InspectAsync(Id, CancellationToken.None)).Should().BeEquivalentTo(
            new { Id, Name = "bad-pod", Image = "pause:1", IsSandbox = true });
    }

    [Test]
    public async Task Of_a_user_namespace_the_specification_has_the_maps()
    {
        _server.On(V1 + "ContainerStatus", Answer(
            "web", """{"runtimeSpec":{"linux":{"uidMappings":[{"containerID":0,"hostID":65536,"size":10}],"gidMappings":[{"containerID":0,"hostID":131072,"size":20}]}}}"""));

        (await _runtime.InspectAsync(Id, CancellationToken.None)).UserNamespace.Should().BeEquivalentTo(new UserNamespace
        {
            UidMap = [new IdMapping { HostId = 65536, Size = 10 }],
            GidMap = [new IdMapping { HostId = 131072, Size = 20 }],
        });
    }

    [TestCase(StatusCode.NotFound, "an error occurred when try to find container")]
    [TestCase(StatusCode.Unknown, "could not find container \"0123\"")]
    public async Task What_the_runtime_does_not_hold_is_gone(StatusCode code, string message)
    {
        _server.OnRefusal(V1 + "ContainerStatus", code, message);
        _server.OnRefusal(V1 + "PodSandboxStatus", code, message);

        (await Failure(() => _runtime.InspectAsync(Id, CancellationToken.None))).Reason.Should().Be(Reasons.ContainerGone);
    }

    [Test]
    public async Task A_refusal_that_passes_is_tried_again()
    {
        _server.OnRefusal(V1 + "ContainerStatus", StatusCode.Unknown, "server is not initialized yet", times: 2, afterwards: Answer("web"));

        (await _runtime.InspectAsync(Id, CancellationToken.None)).Name.Should().Be("web");
    }

    [Test]
    public async Task A_refusal_that_stays_is_told_in_the_runtimes_words_made_harmless()
    {
        _server.OnRefusal(V1 + "ContainerStatus", StatusCode.PermissionDenied, "no %1B[31m way");

        var error = await Failure(() => _runtime.InspectAsync(Id, CancellationToken.None));
        error.Reason.Should().Be(Reasons.RuntimeFailed);
        error.Message.Should().Contain("PermissionDenied").And.Contain(@"no \033[31m way");
    }

    [Test]
    public async Task A_socket_that_is_not_there_is_unreachable()
    {
        using var runtime = Connect("/nonexistent/cri.sock", TimeSpan.FromSeconds(1));

        var error = await Failure(() => runtime.IdentifyAsync(CancellationToken.None));
        error.Reason.Should().Be(Reasons.RuntimeUnreachable);
        error.Message.Should().Contain("/nonexistent/cri.sock").And.Contain("there is no such file");
    }

    [Test]
    public async Task A_runtime_that_hangs_is_given_up_after_the_stall_time()
    {
        _server.OnHang(V1 + "Version");
        using var runtime = Connect(_server.Socket, TimeSpan.FromMilliseconds(200));

        var error = await Eventually.EndsAsync(Failure(() => runtime.IdentifyAsync(CancellationToken.None)));
        error.Reason.Should().Be(Reasons.RuntimeFailed);
        error.Message.Should().Contain("may hang");
    }

    [Test]
    public async Task A_caller_who_cancels_gets_a_cancellation()
    {
        _server.OnHang(V1 + "Version");
        using var cancelled = new CancellationTokenSource();
        var identify = _runtime.IdentifyAsync(cancelled.Token);

        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => identify).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_pods_containers_and_sandboxes_are_found_by_its_uid()
    {
        _server.On<ListContainersRequest>(V1 + "ListContainers", (request, _) => request.Filter.LabelSelector[KubernetesLabels.PodUid] == "the-uid"
            ? new ListContainersResponse
            {
                Containers =
                {
                    new Container { Id = "a", Metadata = new ContainerMetadata { Name = "web" }, Image = new ImageSpec { Image = "web:1" }, ImageRef = "sha256:1" },
                },
            }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "another filter")));
        _server.On<ListPodSandboxRequest>(V1 + "ListPodSandbox", (request, _) => request.Filter.LabelSelector[KubernetesLabels.PodUid] == "the-uid"
            ? new ListPodSandboxResponse { Items = { new PodSandbox { Id = "s" } } }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "another filter")));

        (await _runtime.ListPodAsync("the-uid", CancellationToken.None)).Should().Equal(
            new HeldContainer("a", "web", false, "web:1", "sha256:1"),
            new HeldContainer("s", null, true, null, null));
    }

    [Test]
    public async Task The_layers_are_those_of_the_containers_snapshot()
    {
        using var layers = new TemporaryFolder();
        foreach (var layer in new[] { "3/fs", "2/fs", "1/fs" }) Directory.CreateDirectory(Path.Combine(layers.Path, layer));
        _server.On<MountsRequest>(Snapshots, (request, context) =>
        {
            (request.Snapshotter, request.Key, context.Request.Headers["containerd-namespace"].ToString()).Should().Be(("overlayfs", Id, "k8s.io"));
            return Overlay(layers.Path);
        });

        var located = await LocateAsync("""{"snapshotKey":"0123456789abcdef","snapshotter":"overlayfs","runtimeType":"io.containerd.runc.v2"}""");

        located.Problem.Should().BeNull();
        located.Layers.Should().BeEquivalentTo(
            new RootLayers("overlayfs", $"{layers.Path}/3/fs", [$"{layers.Path}/2/fs", $"{layers.Path}/1/fs"]));
    }

    [TestCase("io.containerd.runsc.v1", "gVisor")]
    [TestCase("io.containerd.kata.v2", "Kata Containers")]
    public async Task A_runtime_with_a_kernel_of_its_own_leaves_the_layers_and_a_warning(string type, string name)
    {
        using var layers = new TemporaryFolder();
        foreach (var layer in new[] { "3/fs", "2/fs", "1/fs" }) Directory.CreateDirectory(Path.Combine(layers.Path, layer));
        _server.On(Snapshots, Overlay(layers.Path));

        var located = await LocateAsync($$"""{"snapshotKey":"k","snapshotter":"overlayfs","runtimeType":"{{type}}"}""");

        located.Layers.Should().NotBeNull();
        (located.Problem!.Reason, located.Problem.Message).Should().Match<(string Reason, string Message)>(
            p => p.Reason == Reasons.SandboxedRuntime && p.Message.Contains(name));
    }

    [TestCase("""{"snapshotKey":"k","snapshotter":"devmapper"}""", Reasons.UnsupportedStorage, "'ext4'")]
    [TestCase("""{"pid":1}""", Reasons.UnsupportedStorage, "neither a snapshot nor")]
    public async Task Other_storage_is_named(string info, string reason, string met)
    {
        _server.On(Snapshots, new MountsResponse { Mounts = { new SnapshotMount { Type = "ext4", Source = "/dev/mapper/x" } } });

        var located = await LocateAsync(info);

        located.Layers.Should().BeNull();
        located.Problem!.Reason.Should().Be(reason);
        located.Problem.Message.Should().Contain(met);
    }

    /// <summary>As the snapshotters fuse-overlayfs and nydus answer.</summary>
    [TestCase("fuse-overlayfs", "fuse3.fuse-overlayfs")]
    [TestCase("nydus", "fuse.nydus-overlayfs")]
    public async Task Of_a_mount_that_a_process_makes_the_containers_own_directory_is_left(string snapshotter, string type)
    {
        using var layers = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(layers.Path, "3/fs"));
        var mounts = Overlay(layers.Path);
        mounts.Mounts[0].Type = type;
        _server.On(Snapshots, mounts);

        var located = await LocateAsync($$"""{"snapshotKey":"k","snapshotter":"{{snapshotter}}"}""");

        located.Layers.Should().BeNull();
        located.Written.Should().BeEquivalentTo(new RootLayers(snapshotter, $"{layers.Path}/3/fs", []) { LacksLowers = true });
        located.Problem!.Reason.Should().Be(Reasons.UnsupportedStorage);
        located.Problem.Message.Should().Contain($"'{snapshotter}'").And.Contain($"'{type}'");
    }

    [Test]
    public async Task A_snapshot_that_is_gone_is_said_to_be_so()
    {
        _server.OnRefusal(Snapshots, StatusCode.NotFound, "snapshot k does not exist");

        (await LocateAsync("""{"snapshotKey":"k","snapshotter":"overlayfs"}""")).Problem!.Reason.Should().Be(Reasons.LayersUnreachable);
    }

    private static MountsResponse Overlay(string folder) => new()
    {
        Mounts =
        {
            new SnapshotMount
            {
                Type = "overlay",
                Source = "overlay",
                Options = { "index=off", $"workdir={folder}/3/work", $"upperdir={folder}/3/fs", $"lowerdir={folder}/2/fs:{folder}/1/fs" },
            },
        },
    };

    private static ContainerStatusResponse Answer(string name, string info = "{}") => new()
    {
        Status = new ContainerStatus
        {
            Id = Id,
            Metadata = new ContainerMetadata { Name = name },
            State = ContainerState.ContainerExited,
            CreatedAt = 1_795_602_779_000_000_007,
            ExitCode = 137,
            Image = new ImageSpec { Image = "web:1" },
            ImageRef = "sha256:1",
            Labels = { ["app"] = "shop" },
            LogPath = "/var/log/pods/x/web/0.log",
        },
        Info = { ["info"] = info },
    };

    private static CriRuntime Connect(string socket, TimeSpan stallTime) => new(
        new CriOptions
        {
            Name = "containerd",
            Socket = socket,
            StallTime = stallTime,
            Retries = new RetryLimits { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) },
        },
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task<RuntimeException> Failure<T>(Func<Task<T>> call) =>
        (await call.Should().ThrowAsync<RuntimeException>()).Which;

    private async Task<RootLocation> LocateAsync(string info)
    {
        _server.On(V1 + "ContainerStatus", Answer("web", info));
        return await _runtime.LocateRootAsync(await _runtime.InspectAsync(Id, CancellationToken.None), CancellationToken.None);
    }
}
