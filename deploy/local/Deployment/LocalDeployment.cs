namespace Forensics.Local;

/// <summary>kube-forensics itself on the one-machine cluster: our images, and the local overlay with what only this machine
/// knows (sockets, endpoint, keys) patched in from the state folder.</summary>
internal sealed class LocalDeployment(LocalPaths paths, LocalCluster cluster)
{
    public const string ControllerNamespace = "forensics-system";
    public const string Controller = "deployment/forensics-controller-manager";

    private OwnImages Images => new(paths, cluster);

    /// <summary>Brings the cluster up and deploys the checkout, as it is now. The programs are compiled while the cluster comes
    /// up, which may have to be built itself: each takes minutes, and neither needs the other.</summary>
    /// <param name="before">What else there is to do meanwhile, before the programs are compiled.</param>
    public async Task UpAsync(Progress progress, CancellationToken cancellation, Func<CancellationToken, Task>? before = null)
    {
        await cluster.UpAsync(progress, cancellation, meanwhile: async token =>
        {
            if (before is not null) await before(token);
            await Images.PublishAsync(progress, token);
        });
        await ApplyAsync(progress, cancellation);
    }

    /// <summary>The controller is restarted only if something changed.</summary>
    private async Task ApplyAsync(Progress progress, CancellationToken cancellation)
    {
        await Images.BuildAsync(progress, cancellation);
        progress.Say("kube-forensics: applying deploy/overlays/local");
        var folder = new LocalKustomization(paths, cluster.Descriptor, cluster.NodePaths, RepositoryRoot.Find())
            .Write(await ImageIdAsync(LocalImages.Controller, cancellation));
        await Command.RunAsync(cluster.Kubectl("apply", "-k", folder), cancellation);
        await WaitUntilReadyAsync(cancellation);
        progress.Say("kube-forensics: the controller is ready");
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        var rollout = await Command.TryAsync(
            cluster.Kubectl("rollout", "status", "-n", ControllerNamespace, Controller, "--timeout=300s"), cancellation);
        if (rollout.ExitCode == 0) return;
        var log = await Command.TryAsync(
            cluster.Kubectl("logs", "-n", ControllerNamespace, Controller, "--tail=20"), cancellation);
        throw new LocalClusterException($"The controller did not become ready: {rollout.Error.Trim()}\nIts log ends:\n{log.Output}{log.Error}");
    }

    private async Task<string> ImageIdAsync(string image, CancellationToken cancellation) =>
        (await Command.RunAsync(cluster.Docker.Run("image", "inspect", "--format", "{{.Id}}", image), cancellation)).Trim();
}
