namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>Controllers that stand for election, and what they say of it.</summary>
internal static class Leaders
{
    private static readonly string[] Election = ["--enable-leader-election", $"--leader-election-namespace={RealCluster.SystemNamespace}"];

    public static Task<ControllerProcess> StartAsync(Scenario scenario, params IEnumerable<string> flags) =>
        ControllerProcess.StartAsync(scenario, [.. Election, .. flags]);

    /// <param name="kubeconfig">Says how it reaches the API server.</param>
    public static ControllerProcess StartBy(string kubeconfig, Scenario scenario, params IEnumerable<string> flags) =>
        ControllerProcess.StartBy(kubeconfig, scenario, [.. Election, .. flags]);

    public static Task<string> LeadsAsync(ControllerProcess controller) => LogsAsync(controller, "Holding the Lease");

    public static Task<string> LogsAsync(ControllerProcess controller, string text, string? what = null) => RealCluster.EventuallyAsync(
        what ?? $"it says '{text}'", RealCluster.Patience, () => Task.FromResult(controller.Log), log => log.Contains(text, StringComparison.Ordinal));

    public static Task EndsByItselfAsync(ControllerProcess controller) => RealCluster.EventuallyAsync(
        "it stops by itself", RealCluster.Patience, () => Task.FromResult(controller.HasExited), exited => exited);
}
