namespace Forensics.Local;

/// <summary>Runs one of the benchmarks. Each is a task of its own below <c>bench</c>.</summary>
internal sealed class BenchTask(params IReadOnlyList<ITask> benches) : ITask
{
    public string Name => "bench";

    public string Summary => "measure how fast and how big the programs are";

    public string Help => "Usage: dotnet run build.cs bench NAME [OPTIONS]\n\n"
        + string.Concat(benches.Select(bench => $"{bench.Help.TrimEnd()}\n\n"))
        + "What was measured, and on what machine, stands in docs/performance.md.";

    public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var name = arguments.TakeWord() ?? throw new UsageException($"Say which: {Names}.");
        var bench = benches.FirstOrDefault(bench => bench.Name == name) ?? throw new UsageException($"'{name}' is not one of {Names}.");
        return bench.RunAsync(arguments, progress, cancellation);
    }

    private string Names => string.Join(", ", benches.Select(bench => bench.Name));
}
