using System.Globalization;

namespace Forensics.Local;

/// <summary>The agent against what people would do otherwise, on containers of three shapes.</summary>
internal sealed class AgentBench(LocalPaths paths, TextWriter output) : IBench
{
    public string Name => "agent";

    public string Summary => "captures containers of three shapes, by us and by others, into a sink that speaks S3";

    public string Options => $"""
              --shape NAME   only one of {string.Join(", ", ShapeFolders.Names)}
              --runs N       how often each contender runs; the median counts (3)
              --scale X      of the shapes' sizes; 0.01 is a smoke test (1)
              --json FILE    one record a line, of each contender and shape

            Contenders take turns, after one run of each that does not count. Needs root and 10 GB on disk; brings the one-machine
            cluster up and leaves it.
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var shapes = arguments.TakeValue("--shape") is { } only ? [only] : ShapeFolders.Names;
        var runs = (int)Number(arguments.TakeValue("--runs") ?? "3", "--runs");
        var scale = Number(arguments.TakeValue("--scale") ?? "1", "--scale");
        var json = arguments.TakeValue("--json");
        arguments.RejectTheRest();
        if (shapes.FirstOrDefault(shape => !ShapeFolders.Names.Contains(shape)) is { } unknown)
            throw new UsageException($"There is no shape '{unknown}'. There are: {string.Join(", ", ShapeFolders.Names)}.");

        var cluster = new LocalCluster(paths, progress.Time);
        await cluster.UpAsync(progress, cancellation);
        await new TestPrograms(paths).EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
        var agent = await PublishAgentAsync(progress, cancellation);

        await using var sink = S3Sink.Start();
        var contenders = new Contenders(cluster, agent, new TestPrograms(paths).Zstd, sink.Endpoint).All;
        var records = new List<AgentRecord>();
        foreach (var shape in shapes) records.AddRange(await CompeteAsync(cluster, shape, scale, runs, contenders, progress, cancellation));
        if (json is not null) await AgentReport.WriteJsonAsync(records, json);
        return 0;
    }

    private async Task<IReadOnlyList<AgentRecord>> CompeteAsync(
        LocalCluster cluster, string name, double scale, int runs, IReadOnlyList<Contender> contenders, Progress progress, CancellationToken cancellation)
    {
        await using var containers = new ShapeContainers(cluster, new ShapeFolders(paths, scale));
        var shape = await containers.MakeAsync(name, progress, cancellation);
        var measured = new Measured([cluster.DockerNode.Runtime.ProcessId!.Value], progress.Time);
        var results = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            for (var run = 0; run <= runs; run++)
            {
                foreach (var contender in contenders)
                {
                    var measurement = await measured.RunAsync(Contenders.Environment + contender.Line(shape), folder.FullName, cancellation);
                    progress.Say(string.Create(
                        CultureInfo.InvariantCulture, $"Bench: {name}, {contender.Name}: {measurement.Wall.TotalSeconds:0.00} s{(run == 0 ? ", to warm up" : "")}"));
                    if (run > 0) results[contender].Add(measurement);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var records = contenders.Select(contender => AgentRecord.MedianOf(shape, contender.Name, results[contender])).ToList();
        AgentReport.Print(shape, records, output);
        return records;
    }

    private async Task<string> PublishAgentAsync(Progress progress, CancellationToken cancellation)
    {
        progress.Say("Bench: publishing the agent");
        var folder = paths.StateOf("bench", "agent");
        await Command.RunAsync(
            new CommandLine(
                DotnetRuntime.Find().Program, "publish", Path.Combine(RepositoryRoot.Find(), "Forensics.Agent"),
                "--configuration", "Release", "--output", folder, "--verbosity", "quiet", "-nologo"),
            cancellation);
        return Path.Combine(folder, "forensics-agent.dll");
    }

    private static double Number(string text, string option) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{option} must be a number above 0; it is '{text}'.");
}
