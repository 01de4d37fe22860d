using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Forensics.Tests.Bench.Decode;

/// <summary>Runs <see cref="WatchDecoding"/> and holds it against its targets.</summary>
internal static class DecodeComparison
{
    private const double LeastRatio = 8;
    private const double MostBytes = 1024;

    /// <param name="file">Gets the figures as a line of JSON; null for none.</param>
    /// <returns>1 if a target is missed.</returns>
    public static int Run(string? file)
    {
        // In this process: a process for each would first have to be compiled.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(20).WithIterationTime(TimeInterval.FromMilliseconds(250)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Ascii)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "forensics-bench"));
        var reports = BenchmarkRunner.Run<WatchDecoding>(config).Reports;
        var (library, ours) = (Figures.Of(reports, nameof(WatchDecoding.KubernetesClientAsync)), Figures.Of(reports, nameof(WatchDecoding.OursAsync)));
        var ratio = library.Microseconds / ours.Microseconds;

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            One event of a pod of {CannedWatch.PodBytes} bytes, medians:
              KubernetesClient  {library.Microseconds,7:0.0} us  {library.Bytes,7:0} bytes allocated
              forensics         {ours.Microseconds,7:0.0} us  {ours.Bytes,7:0} bytes allocated
              {ratio:0.0} times faster (target: {LeastRatio}), {ours.Bytes:0} bytes an event (target: at most {MostBytes})
            """));
        if (file is not null) File.AppendAllText(file, JsonSerializer.Serialize(new { bench = "decode", library, ours, ratio }, JsonSerializerOptions.Web) + "\n");
        return ratio >= LeastRatio && ours.Bytes <= MostBytes ? 0 : 1;
    }

    private sealed record Figures(double Microseconds, double Bytes)
    {
        public static Figures Of(IEnumerable<BenchmarkReport> reports, string method)
        {
            var report = reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
            return new Figures(report.ResultStatistics!.Median / 1000, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
        }
    }
}
