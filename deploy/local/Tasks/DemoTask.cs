namespace Forensics.Local;

/// <summary>Captures a compromised pod on the one-machine cluster, visibly.</summary>
internal sealed class DemoTask : ITask
{
    public string Name => "demo";

    public string Summary => "capture a compromised pod on a real cluster that it brings up";

    public string Help => "Usage: dotnet run build.cs demo\n\nNot available yet.";

    public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        arguments.RejectTheRest();
        throw new LocalClusterException("The demo is not available yet.");
    }
}
