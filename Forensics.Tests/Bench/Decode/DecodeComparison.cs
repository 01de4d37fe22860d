using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Forensics.Tests.Bench.Decode;

/// <summary>Runs <see cref="WatchDecoding"/> and holds it against its targets.</summary>
internal static class DecodeComparison
{
    private const double LeastRatio = 8;
    private const double MostBytes = 1024;

    // Machines have slower and faster seconds. Within a round both are measured close to each other, now this one first, now that
    // one, so its ratio says more than that of all of one side to all of the other.
    private const int Rounds = 15;

    /// <param name="file">Gets the figures as a line of JSON; null for none.</param>
    /// <returns>1 if a target is missed.</returns>
    public static int Run(string? file)
    {
        var rounds = Enumerable.Range(1, Rounds).Select(Measure).ToList();
        var (library, ours) = (Figures.MedianOf(rounds.Select(round => round.Library)), Figures.MedianOf(rounds.Select(round => round.Ours)));
        var ratios = rounds.Select(round => Math.Round(round.Ratio, 2)).ToList();
        var ratio = Median(ratios);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            One event of a pod of {CannedWatch.PodBytes} bytes, medians of {Rounds} rounds:
              KubernetesClient  {library.Microseconds,7:0.0} us  {library.Bytes,7:0} bytes allocated
              forensics         {ours.Microseconds,7:0.0} us  {ours.Bytes,7:0} bytes allocated
              {ratio:0.0} times faster, the median of the rounds' ratios (target: {LeastRatio}; reached in {ratios.Count(r => r >= LeastRatio)} of {Rounds} rounds)
              {ours.Bytes:0} bytes an event (target: at most {MostBytes})
            """));
        if (file is not null) File.AppendAllText(file, JsonSerializer.Serialize(new { bench = "decode", library, ours, ratio, ratios }, JsonSerializerOptions.Web) + "\n");
        return ratio >= LeastRatio && ours.Bytes <= MostBytes ? 0 : 1;
    }

    private static Round Measure(int number)
    {
        var libraryFirst = number % 2 == 1;
        var early = libraryFirst ? Figures.Of(nameof(WatchDecoding.KubernetesClientAsync)) : null;
        var ours = Figures.Of(nameof(WatchDecoding.OursAsync));
        var round = new Round(early ?? Figures.Of(nameof(WatchDecoding.KubernetesClientAsync)), ours);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Round {number} of {Rounds}: {round.Library.Microseconds:0.0} us and {round.Ours.Microseconds:0.0} us, {round.Ratio:0.0} times faster"));
        return round;
    }

    private static double Median(IEnumerable<double> of) => of.Order().ElementAt(Rounds / 2);

    private sealed record Round(Figures Library, Figures Ours)
    {
        public double Ratio => Library.Microseconds / Ours.Microseconds;
    }

    private sealed record Figures(double Microseconds, double Bytes)
    {
        public static Figures MedianOf(IEnumerable<Figures> rounds) => new(Median(rounds.Select(r => r.Microseconds)), Median(rounds.Select(r => r.Bytes)));

        /// <exception cref="InvalidOperationException">The benchmark failed; the message is its log.</exception>
        public static Figures Of(string method)
        {
            var log = new AccumulationLogger();

            // In this process: a process for each would first have to be compiled.
            var config = ManualConfig.CreateEmpty()
                .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(8).WithIterationTime(TimeInterval.FromMilliseconds(150)))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddFilter(new NameFilter(name => name == method))
                .AddLogger(log)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "forensics-bench"));
            var report = BenchmarkRunner.Run<WatchDecoding>(config).Reports.SingleOrDefault();
            if (report is not { ResultStatistics: { } times } || report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is not { } bytes)
                throw new InvalidOperationException(log.GetLog());
            return new Figures(times.Median / 1000, bytes);
        }
    }
}
