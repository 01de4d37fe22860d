using System.Globalization;

namespace Forensics.Local;

/// <summary>How long keys waited for a worker between two scrapes, from workqueue_queue_duration_seconds, whose buckets are
/// powers of ten.</summary>
internal sealed record QueueWaits(IReadOnlyList<(double UpTo, double Keys)> Buckets)
{
    private const string Bucket = "workqueue_queue_duration_seconds_bucket";

    public static QueueWaits Between(IReadOnlyList<(string Name, double Value)> before, IReadOnlyList<(string Name, double Value)> after)
    {
        var then = before.Where(IsBucket).ToDictionary(sample => sample.Name, sample => sample.Value);
        return new([.. after.Where(IsBucket).Select(sample => (UpTo(sample.Name), sample.Value - then[sample.Name])).OrderBy(bucket => bucket.Item1)]);
    }

    /// <summary>How many there were.</summary>
    public double Keys => Buckets[^1].Keys;

    /// <summary>The upper bound of the bucket in which the quantile lies, in seconds.</summary>
    public double Below(double quantile) => Buckets.First(bucket => bucket.Keys >= quantile * Keys).UpTo;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 below {Below(0.5) * 1000} ms, p99 below {Below(0.99) * 1000} ms, of {Keys} keys");

    private static bool IsBucket((string Name, double Value) sample) => sample.Name.StartsWith(Bucket, StringComparison.Ordinal);

    private static double UpTo(string name)
    {
        var text = name[(name.IndexOf("le=\"", StringComparison.Ordinal) + 4)..^2];
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
