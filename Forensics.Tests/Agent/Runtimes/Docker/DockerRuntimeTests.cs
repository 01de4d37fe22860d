using System.Text;
using Forensics.Agent.Retries;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Runtimes.Docker;

/// <summary>The Docker runtime against a daemon that fails by script.</summary>
[TestFixture]
internal sealed class DockerRuntimeTests
{
    private const string Id = "0123456789abcdef";
    private const string Inspect = """{"Id":"0123456789abcdef","Name":"/web","Image":"sha256:1","Unknown":{"b":1,"a":[2]},"Config":{"Image":"web:1","Tty":false,"Labels":{"x":"y"}},"HostConfig":{"LogConfig":{"Type":"json-file"}}}""";
    private ScriptedDockerDaemon _daemon = null!;
    private DockerRuntime _runtime = null!;

    [SetUp]
    public async Task Start()
    {
        _daemon = await ScriptedDockerDaemon.StartAsync();
        _runtime = Connect(_daemon.Socket, TimeSpan.FromSeconds(30));
    }

    [TearDown]
    public async Task Stop()
    {
        _runtime.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task Inspect_keeps_the_daemons_bytes_and_unknown_fields()
    {
        _daemon.OnText($"/containers/{Id}/json", Inspect);

        var inspected = await _runtime.InspectAsync(Id, CancellationToken.None);

        Encoding.UTF8.GetString(inspected.Json.Span).Should().Be(Inspect);
        inspected.Should().BeEquivalentTo(new { Id, Name = "web", Image = "web:1", ImageId = "sha256:1", HasTerminal = false, LogDriver = "json-file" });
    }

    [Test]
    public async Task A_container_that_is_not_there_is_gone()
    {
        var inspect = () => _runtime.InspectAsync(Id, CancellationToken.None);

        (await inspect.Should().ThrowAsync<RuntimeException>()).Which.Reason.Should().Be(Reasons.ContainerGone);
    }

    [Test]
    public async Task A_refusal_that_passes_is_tried_again()
    {
        _daemon.OnRefusal($"/containers/{Id}/json", 500, "busy", times: 2, afterwards: Inspect);

        (await _runtime.InspectAsync(Id, CancellationToken.None)).Name.Should().Be("web");
        _daemon.Requests.Should().HaveCount(3);
    }

    [Test]
    public async Task A_refusal_that_stays_is_told_in_the_daemons_words_made_harmless()
    {
        _daemon.OnRefusal($"/containers/{Id}/json", 500, "no \\u001b[31m way");

        var inspect = () => _runtime.InspectAsync(Id, CancellationToken.None);

        var error = (await inspect.Should().ThrowAsync<RuntimeException>()).Which;
        error.Reason.Should().Be(Reasons.RuntimeFailed);
        error.Message.Should().Contain("500").And.Contain(@"no \033[31m way");
    }

    [Test]
    public async Task A_socket_that_is_not_there_is_unreachable()
    {
        using var runtime = Connect("/nonexistent/docker.sock", TimeSpan.FromSeconds(1));

        var identify = () => runtime.IdentifyAsync(CancellationToken.None);

        (await identify.Should().ThrowAsync<RuntimeException>()).Which.Reason.Should().Be(Reasons.RuntimeUnreachable);
    }

    [TestCase(0)]
    [TestCase(100)]
    public async Task A_daemon_that_hangs_is_given_up_after_the_stall_time(int bytesBefore)
    {
        _daemon.OnHang($"/containers/{Id}/export", new byte[bytesBefore]);
        using var runtime = Connect(_daemon.Socket, TimeSpan.FromMilliseconds(200));

        var read = async () =>
        {
            await using var export = await runtime.OpenAsync(Id, CancellationToken.None);
            await export.CopyToAsync(Stream.Null);
        };

        var error = (await Eventually.EndsAsync(read.Should().ThrowAsync<RuntimeException>())).Which;
        error.Reason.Should().Be(Reasons.RuntimeFailed);
        error.IsCut.Should().BeFalse();
    }

    [Test]
    public async Task A_list_that_hangs_is_given_up_too()
    {
        _daemon.OnHang("/containers/json", "["u8.ToArray());
        using var runtime = Connect(_daemon.Socket, TimeSpan.FromMilliseconds(200));

        var list = () => runtime.ListPodAsync("uid", CancellationToken.None);

        (await Eventually.EndsAsync(list.Should().ThrowAsync<RuntimeException>())).Which.Reason.Should().Be(Reasons.RuntimeFailed);
    }

    [Test]
    public async Task A_caller_who_cancels_gets_a_cancellation()
    {
        _daemon.OnHang($"/containers/{Id}/export", new byte[100]);
        using var cancelled = new CancellationTokenSource();
        await using var export = await _runtime.OpenAsync(Id, cancelled.Token);

        var read = export.CopyToAsync(Stream.Null, cancelled.Token);
        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_stream_that_is_cut_is_an_error_and_what_came_before_can_be_read()
    {
        _daemon.OnCut($"/containers/{Id}/export", new byte[70_000]);
        await using var export = await _runtime.OpenAsync(Id, CancellationToken.None);
        using var received = new MemoryStream();

        var read = () => export.CopyToAsync(received);

        (await read.Should().ThrowAsync<RuntimeException>()).Which.Should().Match<RuntimeException>(e => e.IsCut && e.Reason == Reasons.StreamTruncated);
        received.Length.Should().Be(70_000);
    }

    [Test]
    public async Task A_pods_containers_are_found_by_its_uid()
    {
        _daemon.OnText("/containers/json", """
            [{"Id":"a","Image":"web:1","ImageID":"sha256:1","Labels":{"io.kubernetes.container.name":"web","io.kubernetes.docker.type":"container"}},
             {"Id":"b","Labels":{"io.kubernetes.docker.type":"podsandbox"}},
             {"Id":"c","Labels":null}]
            """);

        var held = await _runtime.ListPodAsync("the-uid", CancellationToken.None);

        held.Should().Equal(
            new HeldContainer("a", "web", false, "web:1", "sha256:1"),
            new HeldContainer("b", null, true, null, null),
            new HeldContainer("c", null, false, null, null));
        Uri.UnescapeDataString(_daemon.Queries.Single()).Should().Contain("io.kubernetes.pod.uid=the-uid").And.Contain("all=");
    }

    [Test]
    public async Task Changes_come_in_dockers_order()
    {
        _daemon.OnText($"/containers/{Id}/changes", """[{"Path":"/b","Kind":1},{"Path":"/a","Kind":0},{"Path":"/c\u003c\nd","Kind":2}]""");

        (await DiffAsync()).Should().Equal(
            new FileChange(ChangeKind.Added, "/b"), new FileChange(ChangeKind.Changed, "/a"), new FileChange(ChangeKind.Deleted, "/c<\nd"));
    }

    [Test]
    public async Task A_container_without_changes_has_an_empty_diff()
    {
        _daemon.OnText($"/containers/{Id}/changes", "null\n");

        (await DiffAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_name_with_half_a_surrogate_pair_does_not_cost_the_list()
    {
        _daemon.OnText($"/containers/{Id}/changes", """[{"Path":"/x\ud800","Kind":1},{"Path":"/y","Kind":1}]""");

        (await DiffAsync()).Select(change => change.Path).Should().Equal("/x\\ud800", "/y");
    }

    [TestCase("""[{"Path":"/a","Kind":1},{"Pa""")]
    [TestCase("""[{"Path":"/a","Kind":1}""")]
    public async Task A_list_of_changes_that_ends_too_soon_is_cut(string json)
    {
        _daemon.OnText($"/containers/{Id}/changes", json);

        (await FluentActions.Awaiting(DiffAsync).Should().ThrowAsync<RuntimeException>()).Which.IsCut.Should().BeTrue();
    }

    [Test]
    public async Task A_log_driver_of_none_is_unavailable()
    {
        var container = new InspectedContainer { Id = Id, Json = default, Printed = default, LogDriver = "none" };

        (await FluentActions.Awaiting(() => LogsAsync(container)).Should().ThrowAsync<RuntimeException>())
            .Which.Reason.Should().Be(Reasons.LogsUnavailable);
    }

    [TestCase(501)]
    [TestCase(500)]
    public async Task A_log_driver_that_cannot_be_read_is_unavailable(int status)
    {
        _daemon.OnRefusal($"/containers/{Id}/logs", status, "configured logging driver does not support reading");

        (await FluentActions.Awaiting(() => LogsAsync(new InspectedContainer { Id = Id, Json = default, Printed = default })).Should().ThrowAsync<RuntimeException>())
            .Which.Reason.Should().Be(Reasons.LogsUnavailable);
    }

    [Test]
    public async Task A_diff_that_is_refused_with_a_name_in_the_container_is_no_log_that_cannot_be_read()
    {
        _daemon.OnRefusal($"/containers/{Id}/changes", 500, "lstat /x/does not support reading/y: file name too long");

        (await FluentActions.Awaiting(DiffAsync).Should().ThrowAsync<RuntimeException>()).Which.Reason.Should().Be(Reasons.RuntimeFailed);
    }

    [Test]
    public async Task The_runtime_says_which_it_is()
    {
        _daemon.OnText("/version", """{"Version":"20.10.24","ApiVersion":"1.41","KernelVersion":"6.1"}""");
        _daemon.OnText("/info", """{"OperatingSystem":"Debian","Driver":"overlay2"}""");

        (await _runtime.IdentifyAsync(CancellationToken.None)).Should().Be(new RuntimeIdentity
        {
            Name = "docker",
            Version = "20.10.24",
            ApiVersion = "1.41",
            OperatingSystem = "Debian",
            Kernel = "6.1",
            StorageDriver = "overlay2",
        });
    }

    private static DockerRuntime Connect(string socket, TimeSpan stallTime) => new(
        new DockerOptions { Socket = socket, StallTime = stallTime, Retries = new RetryLimits { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) } },
        TimeProvider.System,
        NullLogger.Instance);

    private async Task<List<FileChange>> DiffAsync()
    {
        var changes = new List<FileChange>();
        await foreach (var change in _runtime.DiffAsync(Id, CancellationToken.None)) changes.Add(change);
        return changes;
    }

    private async Task<string> LogsAsync(InspectedContainer container)
    {
        var text = new StringBuilder();
        await foreach (var lines in _runtime.ReadLogsAsync(container, CancellationToken.None)) text.Append(Encoding.UTF8.GetString(lines.Span));
        return text.ToString();
    }
}
