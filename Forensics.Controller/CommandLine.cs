using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Nodes;

namespace Forensics.Controller;

/// <summary>The flags. Upstream's keep their names; all are checked before anything starts, all errors are told at once.</summary>
internal sealed class CommandLine
{
    private const int ExitUsage = 2;
    private static readonly CaptureOptions Captures = new();
    private static readonly ControllerOptions Defaults = new();

    private readonly Option<string[]> _watchNamespaces = Flags.List("--watch-namespaces", "NAMES",
        "Namespaces whose PodCheckpoints are served, by commas. None serves all namespaces.", Flags.NamespaceError);

    private readonly Option<string[]> _allowedDestinations = Flags.List("--allowed-destinations", "PATTERNS",
        "Where evidence may go, by commas: s3://bucket/prefix, with * within a segment. What is outside is refused with nothing read. "
        + "None allows every bucket that the agent may write to.", Flags.DestinationError);

    private readonly Option<string[]> _runtimes = Flags.List("--runtimes", "NAMES",
        "Container runtimes whose pods are captured, by commas.", Flags.RuntimeError, [.. Captures.Runtimes]);

    private readonly Option<TimeSpan> _targetTimeout = Flags.Duration("--target-timeout", Captures.TargetTimeout,
        "How long a target pod may take until it is scheduled, started and on a ready node.");

    private readonly Option<TimeSpan> _captureDeadline = Flags.Duration("--capture-deadline", Captures.CaptureDeadline,
        "How long one capture may take in all, its agent's start included.");

    private readonly Option<int> _maxCapturesPerNode = Flags.Number("--max-captures-per-node", Captures.MaxCapturesPerNode, 1, 1000,
        "Agents that work at the same time on one node. What comes later waits for its turn.");

    private readonly Option<int> _maxCaptures = Flags.Number("--max-captures", Captures.MaxCaptures, 1, 100_000,
        "Agents that work at the same time in all.");

    private readonly Option<string> _workerNamespace = Flags.Text("--worker-namespace", "NAME", Captures.WorkerNamespace,
        "Where plans, Jobs and agents live.", Flags.NamespaceError);

    private readonly Option<string> _workerImage = Flags.Text("--worker-image", "IMAGE", Captures.WorkerImage,
        "The agent's image. Empty means the one in the PodTemplate forensics-agent.");

    private readonly Option<string[]> _nodePaths = Flags.List("--node-paths", "KIND.THING=PATH",
        "Where nodes keep what a capture reads, if not where their kind does, by commas. Kinds: docker, containerd, cri-o, k3s, rke2, microk8s. "
        + "Things: socket, root (images and layers), state, kubelet (its root), logs. For example docker.root=/data/docker,k3s.socket=/run/k3s.sock.",
        Flags.NodePathError);

    private readonly Option<bool> _pinByNodeName = Flags.Switch("--pin-by-node-name",
        "Pin agents by spec.nodeName, past the scheduler. A full node then rejects the agent.");

    private readonly Option<TimeSpan> _agentStartTimeout = Flags.Duration("--agent-start-timeout", Captures.AgentStartTimeout,
        "How long an agent's pod may take until its container runs.");

    private readonly Option<int> _maxBandwidth = Flags.Number("--max-bandwidth", Captures.MaxBandwidth, 0, 100_000,
        "MiB that one agent stores in a second at most, so that it does not saturate a node's network. 0 sets no cap.");

    private readonly Option<TimeSpan> _keepComplete = Flags.Duration("--keep-complete", Captures.KeepComplete,
        "How long plan and Job stay after a capture is Complete.");

    private readonly Option<TimeSpan> _keepFailed = Flags.Duration("--keep-failed", Captures.KeepFailed,
        "How long plan and Job stay after a capture Failed, so that people can read the agent's log.");

    private readonly Option<int> _workers = Flags.Number("--workers", Defaults.Workers, 1, 256,
        "PodCheckpoints reconciled at the same time.");

    private readonly Option<TimeSpan> _resyncPeriod = Flags.Duration("--resync-period", Defaults.ResyncPeriod,
        "How often every PodCheckpoint in the cache is looked at again. 0 means never.");

    private readonly Option<bool> _enableLeaderElection = Flags.Switch("--enable-leader-election",
        "Work only while holding the Lease forensics-controller-leader, so that of several replicas one is active.");

    private readonly Option<string> _leaderElectionNamespace = Flags.Text("--leader-election-namespace", "NAME", "",
        "Where the Lease is. Empty means the controller's own namespace, or forensics-system outside a cluster.", Flags.NamespaceError);

    private readonly Option<string> _kubeconfig = Flags.Text("--kubeconfig", "FILE", "",
        "How to reach the API server. Empty means in-cluster, then $KUBECONFIG, then ~/.kube/config.");

    private readonly Option<string> _context = Flags.Text("--context", "NAME", "",
        "Which context of the kubeconfig. Empty means its current one.");

    private readonly Option<TimeSpan> _requestTimeout = Flags.Duration("--request-timeout", Defaults.RequestTimeout,
        "How long the API server may take to answer one request, lists and watches for the caches aside. At least 1s.");

    private readonly Option<string> _metricsAddress = Flags.Text("--metrics-addr", "ADDRESS", $"{Defaults.MetricsAddress}",
        "Where /metrics is served: :8080, 127.0.0.1:8080, or 0 for nowhere.", Flags.AddressError);

    private readonly Option<bool> _metricsSecure = Flags.Switch("--metrics-secure",
        "Serve /metrics by HTTPS, and only to whom the cluster's RBAC allows to get the nonResourceURL /metrics.");

    private readonly Option<string> _metricsCertPath = Flags.Text("--metrics-cert-path", "FOLDER", Defaults.MetricsCertPath,
        "Where the certificate of /metrics and its key are; changed files are read again. Empty means a self-signed one.", Flags.FolderError);

    private readonly Option<string> _metricsCertName = Flags.Text("--metrics-cert-name", "FILE", Defaults.MetricsCertName,
        "The certificate in that folder, PEM, followed by its intermediates.");

    private readonly Option<string> _metricsCertKey = Flags.Text("--metrics-cert-key", "FILE", Defaults.MetricsCertKey,
        "The key in that folder, PEM.");

    private readonly Option<string> _healthProbeAddress = Flags.Text("--health-probe-addr", "ADDRESS", $"{Defaults.HealthProbeAddress}",
        "Where /healthz and /readyz are served; 0 for nowhere.", Flags.AddressError);

    private readonly Option<LogFormat> _logFormat = Flags.Choice("--log-format", "text|json", Defaults.LogFormat, "How log lines look.");

    private readonly Option<LogLevel> _logLevel = Flags.Choice("--log-level", "trace|debug|information|warning|error", Defaults.LogLevel,
        "The least important lines that are logged.");

    private readonly RootCommand _root;

    private CommandLine()
    {
        IReadOnlyList<FlagGroup> groups =
        [
            new("Captures", [_watchNamespaces, _allowedDestinations, _runtimes, _targetTimeout, _captureDeadline, _maxCapturesPerNode, _maxCaptures]),
            new("Agents", [_workerNamespace, _workerImage, _nodePaths, _pinByNodeName, _agentStartTimeout, _maxBandwidth, _keepComplete, _keepFailed]),
            new("Controller", [_workers, _resyncPeriod, _enableLeaderElection, _leaderElectionNamespace, _kubeconfig, _context, _requestTimeout]),
            new("Observation", [_metricsAddress, _metricsSecure, _metricsCertPath, _metricsCertName, _metricsCertKey, _healthProbeAddress, _logFormat, _logLevel]),
        ];
        _root = new RootCommand("Captures the pods that PodCheckpoints name, as evidence, to S3.");
        _root.Directives.Clear();
        _root.Options.OfType<HelpOption>().Single().Action = new CommandHelp(_root, groups);
        _root.Options.OfType<VersionOption>().Single().Action = new PrintVersion(); // The library's asks whichever program was started.
        foreach (var option in groups.SelectMany(group => group.Options)) _root.Options.Add(option);
    }

    /// <summary>Null if there is nothing to run: help or version was printed, or errors were, and <paramref name="exitCode"/> says which.</summary>
    public static ControllerOptions? Read(IReadOnlyList<string> args, TextWriter output, TextWriter error, out int exitCode)
    {
        var flags = new CommandLine();
        var parsed = flags._root.Parse(args);
        if (parsed.Action is { } printsHelpOrVersion and not ParseErrorAction)
        {
            exitCode = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
            return null;
        }

        var options = parsed.Errors.Count == 0 ? flags.Values(parsed) : null;
        var errors = options is null ? [.. parsed.Errors.Select(e => e.Message)] : Contradictions(options);
        exitCode = errors.Count == 0 ? 0 : ExitUsage;
        if (errors.Count == 0) return options;

        foreach (var message in errors) error.WriteLine($"forensics-controller: {message}");
        error.WriteLine("Run it with --help for all flags.");
        return null;
    }

    private ControllerOptions Values(ParseResult parsed) => new()
    {
        Capture = new CaptureOptions
        {
            WorkerNamespace = parsed.GetRequiredValue(_workerNamespace),
            WorkerImage = parsed.GetRequiredValue(_workerImage),
            AllowedDestinations = parsed.GetRequiredValue(_allowedDestinations),
            Runtimes = parsed.GetRequiredValue(_runtimes),
            NodePaths = [.. parsed.GetRequiredValue(_nodePaths).Select(text => NodePath.Parse(text, out _)!)],
            PinByNodeName = parsed.GetValue(_pinByNodeName),
            TargetTimeout = parsed.GetValue(_targetTimeout),
            AgentStartTimeout = parsed.GetValue(_agentStartTimeout),
            MaxBandwidth = parsed.GetValue(_maxBandwidth),
            CaptureDeadline = parsed.GetValue(_captureDeadline),
            MaxCapturesPerNode = parsed.GetValue(_maxCapturesPerNode),
            MaxCaptures = parsed.GetValue(_maxCaptures),
            KeepComplete = parsed.GetValue(_keepComplete),
            KeepFailed = parsed.GetValue(_keepFailed),
        },
        WatchNamespaces = parsed.GetRequiredValue(_watchNamespaces),
        Workers = parsed.GetValue(_workers),
        ResyncPeriod = parsed.GetValue(_resyncPeriod),
        EnableLeaderElection = parsed.GetValue(_enableLeaderElection),
        LeaderElectionNamespace = parsed.GetRequiredValue(_leaderElectionNamespace),
        MetricsAddress = Address(parsed.GetRequiredValue(_metricsAddress)),
        MetricsSecure = parsed.GetValue(_metricsSecure),
        MetricsCertPath = parsed.GetRequiredValue(_metricsCertPath),
        MetricsCertName = parsed.GetRequiredValue(_metricsCertName),
        MetricsCertKey = parsed.GetRequiredValue(_metricsCertKey),
        HealthProbeAddress = Address(parsed.GetRequiredValue(_healthProbeAddress)),
        Kubeconfig = parsed.GetRequiredValue(_kubeconfig),
        Context = parsed.GetRequiredValue(_context),
        RequestTimeout = parsed.GetValue(_requestTimeout),
        LogFormat = parsed.GetValue(_logFormat),
        LogLevel = parsed.GetValue(_logLevel),
    };

    private static ListenAddress? Address(string text) => ListenAddress.TryParse(text, out var address) ? address : null;

    // What no flag alone is wrong about.
    private static List<string> Contradictions(ControllerOptions options)
    {
        var errors = new List<string>();
        var capture = options.Capture;
        if (capture.CaptureDeadline < capture.AgentStartTimeout + TimeSpan.FromMinutes(2))
            errors.Add("--capture-deadline must be at least 2m longer than --agent-start-timeout, or the agent has no time to capture.");
        if (options.RequestTimeout < TimeSpan.FromSeconds(1)) errors.Add("--request-timeout must be at least 1s, or no answer is in time.");
        if (options.MetricsAddress is { } metrics && options.HealthProbeAddress is { } probes && metrics.Port == probes.Port)
            errors.Add("--metrics-addr and --health-probe-addr must not have the same port.");
        if (options.MetricsCertPath.Length > 0 && !options.MetricsSecure)
            errors.Add("--metrics-cert-path needs --metrics-secure: without it /metrics is plain HTTP.");
        return errors;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(BuildInfo.Version);
            return 0;
        }
    }
}
