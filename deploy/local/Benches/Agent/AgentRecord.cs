using System.Text.Json.Serialization;

namespace Forensics.Local;

/// <summary>What one contender did with one shape: a line of <c>--json</c>. Medians of the runs.</summary>
internal sealed record AgentRecord
{
    [JsonPropertyName("bench")]
    public string Bench { get; init; } = "agent";

    [JsonPropertyName("shape")]
    public required string Shape { get; init; }

    [JsonPropertyName("contender")]
    public required string Contender { get; init; }

    [JsonPropertyName("wall_s")]
    public required double WallSeconds { get; init; }

    /// <summary>Of the container's archive, uncompressed, whatever the contender makes of it.</summary>
    [JsonPropertyName("mb_per_s")]
    public required double MegabytesPerSecond { get; init; }

    /// <summary>Of the contender's own processes and of the container runtime's daemon.</summary>
    [JsonPropertyName("cpu_s")]
    public required double CpuSeconds { get; init; }

    /// <summary>Of the contender's own processes together.</summary>
    [JsonPropertyName("peak_rss_mib")]
    public required double PeakRssMib { get; init; }

    /// <summary>By the contender's own processes and the daemon, as the kernel counts it.</summary>
    [JsonPropertyName("disk_written_bytes")]
    public required long DiskWrittenBytes { get; init; }

    public static AgentRecord MedianOf(Shape shape, string contender, IReadOnlyList<Measurement> runs) => new()
    {
        Shape = shape.Name,
        Contender = contender,
        WallSeconds = Median(runs, run => run.Wall.TotalSeconds),
        MegabytesPerSecond = Median(runs, run => shape.ArchiveBytes / 1e6 / run.Wall.TotalSeconds),
        CpuSeconds = Median(runs, run => run.CpuSeconds),
        PeakRssMib = Median(runs, run => run.PeakRss / (double)(1 << 20)),
        DiskWrittenBytes = (long)Median(runs, run => run.DiskWritten),
    };

    private static double Median(IReadOnlyList<Measurement> runs, Func<Measurement, double> figure)
    {
        var sorted = runs.Select(figure).Order().ToList();
        var middle = (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        return Math.Round(middle, 3);
    }
}

[JsonSerializable(typeof(AgentRecord))]
internal sealed partial class AgentRecordJson : JsonSerializerContext;
