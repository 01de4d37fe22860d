using System.Diagnostics;
using System.Text;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>The controller as a process of the test's own, with the test's own flags and the deployed controller's identity
/// and rights. It can be killed as a node's failure would kill it. Who uses it stops the deployed controller first
/// (<see cref="DeployedControllerStopped"/>).</summary>
internal sealed class ControllerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ControllerProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public static async Task<ControllerProcess> StartAsync(Scenario scenario, params IEnumerable<string> flags) =>
        StartBy(await ControllerKubeconfig.WriteAsync(), scenario, flags);

    /// <param name="kubeconfig">Says how it reaches the API server.</param>
    public static ControllerProcess StartBy(string kubeconfig, Scenario scenario, params IEnumerable<string> flags)
    {
        string[] basics =
        [
            "--metrics-addr=0", "--health-probe-addr=0", $"--watch-namespaces={scenario.Namespace}",
            $"--kubeconfig={kubeconfig}", $"--node-paths={RealCluster.Local.NodePaths}",
        ];
        var controller = TestedProgram.Run(TestedProgram.Controller, [.. basics, .. flags]);
        return new ControllerProcess(Process.Start(new ProcessStartInfo(controller.Program, controller.Arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!);
    }

    /// <summary>SIGKILL: no clean-up of any kind.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>SIGSTOP: it stands still until it is told to go on, and does not know it.</summary>
    public Task PauseAsync() => Signals.SendAsync("STOP", _process.Id);

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => Signals.SendAsync("CONT", _process.Id);

    /// <summary>SIGTERM: an orderly end.</summary>
    public Task StopAsync() => Signals.SendAsync("TERM", _process.Id);

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        TestContext.Out.WriteLine(Log);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
    }
}
