namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>Tests that run the controller as processes of their own, with the deployed one stopped for all of them.</summary>
public abstract class OwnControllerFixture
{
    private DeployedControllerStopped _deployed = null!;

    [OneTimeSetUp]
    public async Task StopDeployedControllerAsync() => _deployed = await DeployedControllerStopped.HoldAsync();

    [OneTimeTearDown]
    public async Task StartDeployedControllerAsync() => await _deployed.DisposeAsync();
}
