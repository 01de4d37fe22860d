namespace Forensics.Local;

/// <summary>Deploys the controller to a cluster.</summary>
internal sealed class DeployTask : ITask
{
    public string Name => "deploy";

    public string Summary => "deploy the controller to a cluster";

    public string Help => "Usage: dotnet run build.cs deploy\n\nNot available yet.";

    public Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        arguments.RejectTheRest();
        throw new LocalClusterException("Deploying by this task is not available yet. Use: kubectl apply -k deploy/overlays/NAME");
    }
}
