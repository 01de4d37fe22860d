namespace Forensics.Local;

/// <summary>Measures the agent and the controller.</summary>
internal sealed class BenchTask : ITask
{
    public string Name => "bench";

    public string Summary => "measure the agent and the controller";

    public string Help => "Usage: dotnet run build.cs bench\n\nNot available yet.";

    public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        arguments.RejectTheRest();
        throw new LocalClusterException("The benchmarks are not available yet.");
    }
}
