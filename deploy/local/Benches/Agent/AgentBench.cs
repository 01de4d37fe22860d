using System.Globalization;

namespace Forensics.Local;

/// <summary>The agent against what people would do otherwise, on containers of three shapes.</summary>
internal sealed class AgentBench(LocalPaths paths, TextWriter output) : ITask
{
    public string Name => "agent";

    public string Summary => "capturing containers of three shapes, by us and by others, into a sink that speaks S3";

    public string Help => $"""
        agent [--shape NAME] [--runs N] [--scale X] [--json FILE]
          Captures the same container with our agent on Docker and on containerd, as the original did it, by the pipes that a
          skilled person would type, and by tar alone. All upload to a sink on this machine that checks what it gets and keeps
          nothing. They take turns, after a run of each that does not count; medians are printed. Needs root, the AWS command
          line, and 20 GB on disk; fails if any of them uploads less than all, or what no hash proves; brings the one-machine cluster up and leaves it. Takes half an hour.
            --shape NAME  only one of {string.Join(", ", ShapeFolders.Names)}
            --runs N      how often each contender runs (3)
            --scale X     of the shapes' sizes; 0.01 is a smoke test (1)
            --json FILE   one record a line, of each contender and shape
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
        var programs = new TestPrograms(paths);
        await programs.EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
        var agent = await BenchPrograms.PublishAsync(paths, "Forensics.Agent", "forensics-agent", progress, cancellation);

        await using var sink = S3Sink.Start();
        var contest = new Contest(new Contenders(cluster, agent, programs.Zstd, sink.Endpoint).All, runs, sink, progress);
        var records = new List<AgentRecord>();
        foreach (var name in shapes)
        {
            await using var containers = new ShapeContainers(cluster, new ShapeFolders(paths, scale));
            var shape = await containers.MakeAsync(name, progress, cancellation);
            var ofShape = await contest.HoldAsync(shape, cancellation);
            AgentReport.Print(shape, ofShape, output);
            records.AddRange(ofShape);
            if (json is not null) await AgentReport.WriteJsonAsync(records, json);
        }

        return 0;
    }

    private static double Number(string text, string option) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{option} must be a number above 0; it is '{text}'.");
}
