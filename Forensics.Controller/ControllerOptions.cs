using Forensics.Controller.Checkpoints;

namespace Forensics.Controller;

/// <summary>How this process runs: what the flags say, with their defaults.</summary>
internal sealed record ControllerOptions
{
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromMinutes(1);

    public CaptureOptions Capture { get; init; } = new();

    /// <summary>Namespaces whose PodCheckpoints are ours; none means all.</summary>
    public IReadOnlyList<string> WatchNamespaces { get; init; } = [];

    /// <summary>PodCheckpoints reconciled at the same time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How often every PodCheckpoint in the cache is looked at again; zero means never.</summary>
    public TimeSpan ResyncPeriod { get; init; } = TimeSpan.FromMinutes(10);

    public bool EnableLeaderElection { get; init; }

    /// <summary>Where the Lease is; empty means the controller's own namespace.</summary>
    public string LeaderElectionNamespace { get; init; } = "";

    /// <summary>Null means off.</summary>
    public ListenAddress? MetricsAddress { get; init; } = ListenAddress.Everywhere(8080);

    /// <summary>Metrics by HTTPS, and only to whom RBAC allows them.</summary>
    public bool MetricsSecure { get; init; }

    /// <summary>The folder with the certificate of the metrics and its key; empty means a self-signed one.</summary>
    public string MetricsCertPath { get; init; } = "";

    public string MetricsCertName { get; init; } = "tls.crt";

    public string MetricsCertKey { get; init; } = "tls.key";

    /// <summary>Null means off.</summary>
    public ListenAddress? HealthProbeAddress { get; init; } = ListenAddress.Everywhere(8081);

    /// <summary>Empty means in-cluster, then $KUBECONFIG, then ~/.kube/config.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Empty means the kubeconfig's current one.</summary>
    public string Context { get; init; } = "";

    /// <summary>How long the API server may take to answer one request; those that fill and follow the caches have limits of their own.</summary>
    public TimeSpan RequestTimeout { get; init; } = DefaultRequestTimeout;

    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}

internal enum LogFormat
{
    Text,
    Json,
}
