using System.Globalization;

namespace Forensics.Local;

/// <summary>Contenders that take turns, so that whatever else the machine does falls on all of them.</summary>
/// <param name="runs">That count; one more comes before them, to warm up.</param>
/// <param name="sink">Where they upload to. A run that has not brought all of it, or bodies that nothing proves, is no measurement.</param>
internal sealed class Contest(IReadOnlyList<Contender> contenders, int runs, S3Sink sink, Progress progress)
{
    public async Task<IReadOnlyList<AgentRecord>> HoldAsync(Shape shape, CancellationToken cancellation)
    {
        var measured = new Measured(progress.Time);
        var results = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            for (var run = 0; run <= runs; run++)
            {
                foreach (var contender in contenders)
                {
                    var before = sink.Tally;
                    var measurement = await measured.RunAsync(
                        Contenders.Environment + contender.Line(shape), contender.Daemon, folder.FullName, cancellation);
                    ThrowIfUnproven(contender, contender.Stores(shape), sink.Tally - before);
                    progress.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Bench: {shape.Name}, {contender.Name}: {measurement.Wall.TotalSeconds:0.00} s{(run == 0 ? ", to warm up" : "")}"));
                    if (run > 0) results[contender].Add(measurement);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return [.. contenders.Select(contender => AgentRecord.MedianOf(shape, contender.Name, results[contender]))];
    }

    private static void ThrowIfUnproven(Contender contender, long least, SinkTally got)
    {
        if (got.Unproven > 0) throw new LocalClusterException($"{contender.Name} uploaded {got.Unproven} bodies without a hash that proves them.");
        if (got.Bytes < least)
            throw new LocalClusterException(string.Create(CultureInfo.InvariantCulture, $"{contender.Name} uploaded {got.Bytes} bytes; {least} at least were to come."));
    }
}
