using System.Text.Json.Serialization;

namespace Forensics.Local;

/// <summary>One line of <c>bench controller --json</c>. Latencies are from the creation of a PodCheckpoint to its Job.</summary>
internal sealed record ControllerRecord
{
    [JsonPropertyName("bench")]
    public string Bench { get; } = "controller";

    [JsonPropertyName("objects")]
    public required int Objects { get; init; }

    [JsonPropertyName("reconciles_per_s")]
    public required double ReconcilesPerSecond { get; init; }

    [JsonPropertyName("requests_per_capture")]
    public required double RequestsPerCapture { get; init; }

    [JsonPropertyName("p50_ms")]
    public required double P50Milliseconds { get; init; }

    [JsonPropertyName("p99_ms")]
    public required double P99Milliseconds { get; init; }

    [JsonPropertyName("peak_rss_mib")]
    public required double PeakRssMib { get; init; }

    [JsonPropertyName("cpu_s")]
    public required double CpuSeconds { get; init; }

    [JsonPropertyName("alloc_kib_per_reconcile")]
    public required double AllocatedKibPerReconcile { get; init; }

    [JsonPropertyName("restart_ms")]
    public required double RestartMilliseconds { get; init; }

    [JsonPropertyName("lost")]
    public required int Lost { get; init; }

    [JsonPropertyName("duplicated")]
    public required int Duplicated { get; init; }
}
