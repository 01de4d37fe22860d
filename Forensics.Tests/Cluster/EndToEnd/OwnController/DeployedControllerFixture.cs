namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>All tests here run the controller as processes of their own, and the deployed one is stopped once for all of them.</summary>
[SetUpFixture]
[Category("Cluster")]
public sealed class DeployedControllerFixture
{
    private DeployedControllerStopped _deployed = null!;

    [OneTimeSetUp]
    public async Task StopAsync() => _deployed = await DeployedControllerStopped.HoldAsync();

    [OneTimeTearDown]
    public async Task StartAgainAsync() => await _deployed.DisposeAsync();
}
