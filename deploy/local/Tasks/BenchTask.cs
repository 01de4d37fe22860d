namespace Forensics.Local;

/// <summary>Runs the benchmark that the command line names.</summary>
internal sealed class BenchTask(IReadOnlyList<IBench> benches) : ITask
{
    public string Name => "bench";

    public string Summary => "measure, side by side with what people would do otherwise";

    public string Help =>
        $"""
        Usage: dotnet run build.cs bench NAME [OPTIONS]

        {string.Join("\n\n", benches.Select(Describe))}
        """;

    public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var name = arguments.TakeWord() ?? throw new UsageException($"Say which: {Names}.");
        var bench = benches.FirstOrDefault(bench => bench.Name == name) ?? throw new UsageException($"There is no benchmark '{name}'. There are: {Names}.");
        return bench.RunAsync(arguments, progress, cancellation);
    }

    private string Names => string.Join(", ", benches.Select(bench => bench.Name));

    private static string Describe(IBench bench) =>
        $"  {bench.Name}: {bench.Summary}" + (bench.Options.Length > 0 ? $"\n\n{bench.Options}" : "");
}
