using System.Net;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Controller;

internal sealed class CommandLineTests
{
    [Test]
    public void With_no_flags_everything_has_its_default()
    {
        var (options, code, _, error) = Read();

        code.Should().Be(0);
        error.Should().BeEmpty();
        options.Should().BeEquivalentTo(new ControllerOptions());
        options!.Capture.WorkerNamespace.Should().Be("forensics-workers");
        options.MetricsAddress!.ToString().Should().Be(":8080");
        options.HealthProbeAddress!.ToString().Should().Be(":8081");
    }

    [Test]
    public void Upstreams_flags_work_in_upstreams_way_of_writing()
    {
        var (options, _, _, _) = Read(
            "--metrics-addr=127.0.0.1:9090", "--enable-leader-election", "--worker-namespace=evidence", "--worker-image=registry/agent:1");

        options!.MetricsAddress.Should().Be(new ListenAddress(IPAddress.Loopback, 9090));
        options.EnableLeaderElection.Should().BeTrue();
        options.Capture.WorkerNamespace.Should().Be("evidence");
        options.Capture.WorkerImage.Should().Be("registry/agent:1");
    }

    [Test]
    public void Of_a_flag_that_is_given_twice_the_last_one_counts_since_overlays_can_only_append()
    {
        var (options, code, _, error) = Read(
            "--worker-image=base:1", "--workers=2", "--worker-image=overlay:1", "--workers=3", "--pin-by-node-name", "--pin-by-node-name");

        error.Should().BeEmpty();
        code.Should().Be(0);
        options!.Capture.WorkerImage.Should().Be("overlay:1");
        options.Workers.Should().Be(3);
        options.Capture.PinByNodeName.Should().BeTrue();
    }

    [Test]
    public void Every_flag_reaches_its_option()
    {
        var (options, code, _, error) = Read(
            "--watch-namespaces", "a,b", "--watch-namespaces", "c", "--allowed-destinations", "s3://cases/*/x,other", "--runtimes", "docker,containerd",
            "--node-paths", "docker.socket=/run/d.sock,k3s.root=/data/k3s", "--node-paths=docker.root=/data/docker", "--pin-by-node-name", "--target-timeout", "90s", "--agent-start-timeout", "1m",
            "--capture-deadline", "1h30m", "--max-bandwidth", "50", "--keep-complete", "0", "--keep-failed", "48h", "--workers", "7", "--kubeconfig", "/k", "--context", "ctx",
            "--request-timeout", "20s",
            "--leader-election-namespace", "system", "--health-probe-addr", "0", "--metrics-addr", "[::1]:81", "--resync-period", "1m",
            "--log-format", "json", "--log-level", "debug", "--worker-image", "", "--max-captures-per-node", "2", "--max-captures", "20");

        error.Should().BeEmpty();
        code.Should().Be(0);
        options.Should().BeEquivalentTo(new ControllerOptions
        {
            WatchNamespaces = ["a", "b", "c"],
            Capture = new CaptureOptions
            {
                AllowedDestinations = ["s3://cases/*/x", "other"],
                Runtimes = ["docker", "containerd"],
                NodePaths = [new("docker", "socket", "/run/d.sock"), new("k3s", "root", "/data/k3s"), new("docker", "root", "/data/docker")],
                PinByNodeName = true,
                MaxBandwidth = 50,
                TargetTimeout = TimeSpan.FromSeconds(90),
                AgentStartTimeout = TimeSpan.FromMinutes(1),
                CaptureDeadline = TimeSpan.FromMinutes(90),
                KeepComplete = TimeSpan.Zero,
                KeepFailed = TimeSpan.FromDays(2),
                MaxCapturesPerNode = 2,
                MaxCaptures = 20,
            },
            Workers = 7,
            Kubeconfig = "/k",
            Context = "ctx",
            RequestTimeout = TimeSpan.FromSeconds(20),
            LeaderElectionNamespace = "system",
            HealthProbeAddress = null,
            MetricsAddress = new ListenAddress(IPAddress.IPv6Loopback, 81),
            ResyncPeriod = TimeSpan.FromMinutes(1),
            LogFormat = LogFormat.Json,
            LogLevel = LogLevel.Debug,
        });
    }

    [Test]
    public void All_errors_are_told_at_once()
    {
        var (options, code, output, error) = Read(
            "--workers", "0", "--metrics-addr", "8080", "--target-timeout", "5", "--runtimes", "podman", "--watch-namespaces", "A_b",
            "--allowed-destinations", "http://x", "--node-paths", "docker.socket=var/run", "--log-level", "loud", "--unknown");

        options.Should().BeNull();
        code.Should().Be(2);
        output.Should().BeEmpty();
        foreach (var wrong in new[] { "'0'", "'8080'", "'5'", "'podman'", "'A_b'", "'http://x'", "'docker.socket=var/run'", "'loud'", "'--unknown'", "--help" })
            error.Should().Contain(wrong);
    }

    [TestCase("--request-timeout 10ms", "--request-timeout must be at least 1s")]
    [TestCase("--capture-deadline 6m --agent-start-timeout 5m", "--capture-deadline must be at least 2m longer")]
    [TestCase("--metrics-cert-path /certs", "--metrics-cert-path needs --metrics-secure")]
    [TestCase("--metrics-addr :9000 --health-probe-addr 127.0.0.1:9000", "must not have the same port")]
    public void Flags_that_contradict_each_other_are_refused(string flags, string expected)
    {
        var (options, code, _, error) = Read(flags.Split(' '));

        options.Should().BeNull();
        code.Should().Be(2);
        error.Should().Contain(expected);
    }

    [Test]
    public void Help_names_every_flag_and_fits_a_terminal()
    {
        var (options, code, output, _) = Read("--help");

        options.Should().BeNull();
        code.Should().Be(0);
        output.Should().Contain("--allowed-destinations PATTERNS").And.Contain("Default: forensics-workers").And.Contain("Default: 6h");
        output.Split('\n').Should().OnlyContain(line => line.Length <= 100);
    }

    [Test]
    public void Version_is_the_builds()
    {
        var (_, code, output, _) = Read("--version");

        code.Should().Be(0);
        output.Trim().Should().Be(BuildInfo.Version);
    }

    private static (ControllerOptions? Options, int Code, string Output, string Error) Read(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var options = CommandLine.Read(args, output, error, out var code);
        return (options, code, output.ToString(), error.ToString());
    }
}
