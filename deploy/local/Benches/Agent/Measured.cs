using System.Diagnostics;

namespace Forensics.Local;

/// <summary>Runs a shell line and measures it with all that it starts, and with the daemon that works for it.</summary>
internal sealed class Measured(TimeProvider time)
{
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(100);

    // The shell's own account has its dead children in it: what they used, and what they wrote.
    private const string WithAccount = "set -o pipefail; { eval \"$1\"; } >\"$2.out\" 2>\"$2.err\"; code=$?; cat /proc/$$/stat /proc/$$/io; exit $code";

    /// <param name="daemon">A process that has run before; null if none works for the line.</param>
    public async Task<Measurement> RunAsync(string line, int? daemon, string workFolder, CancellationToken cancellation)
    {
        var log = Path.Combine(workFolder, "contender");
        var before = AccountOf(daemon);
        var start = time.GetTimestamp();
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", WithAccount, "bash", line, log])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = workFolder,
        })!;
        using var stop = new CancellationTokenSource();
        var sampling = SamplePeakAsync(shell.Id, stop.Token);
        var account = await ReadToEndAsync(shell, cancellation);
        var wall = time.GetElapsedTime(start);
        await stop.CancelAsync();
        if (shell.ExitCode != 0) throw new LocalClusterException($"'{line}' failed:\n{Command.Tail(await File.ReadAllTextAsync(log + ".err", cancellation))}");

        var own = ProcessAccount.OfDeadChildren(account);
        var theirs = AccountOf(daemon) - before;
        return new Measurement(wall, own.CpuSeconds + theirs.CpuSeconds, await sampling, own.Written + theirs.Written);
    }

    private static ProcessAccount AccountOf(int? process) => process is { } id ? ProcessAccount.Of(id) : new ProcessAccount(0, 0);

    private static async Task<string> ReadToEndAsync(Process shell, CancellationToken cancellation)
    {
        try
        {
            var text = await shell.StandardOutput.ReadToEndAsync(cancellation);
            await shell.WaitForExitAsync(cancellation);
            return text;
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The most that the shell's descendants have held together, each at its own peak.</summary>
    private async Task<long> SamplePeakAsync(int shell, CancellationToken cancellation)
    {
        var peaks = new Dictionary<int, long>();
        using var timer = new PeriodicTimer(Sampling, time);
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var id in ProcessAccount.DescendantsOf(shell)) peaks[id] = Math.Max(peaks.GetValueOrDefault(id), ProcessAccount.PeakRssOf(id));
            try
            {
                await timer.WaitForNextTickAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return peaks.Values.Sum();
    }
}
