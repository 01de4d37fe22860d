using System.Globalization;

namespace Forensics.Local;

/// <summary>
/// One long-running process of the cluster. It outlives the task that started it; a pid file with its
/// <see cref="ProcessIdentity"/> lets any later run find, check and stop it.
/// </summary>
/// <param name="command">Made afresh for every start, since it may depend on what other daemons are at by then.</param>
/// <param name="healthy">Whether it serves. May throw <see cref="HttpRequestException"/> while it does not.</param>
internal sealed class Daemon(
    string name,
    LocalPaths paths,
    TimeProvider time,
    Func<CommandLine> command,
    Func<CancellationToken, Task<bool>> healthy)
{
    // Seconds, as a rule. It is for one that hangs: one that ends is noticed at once, and a slow machine is not told that it failed.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    // A process may be slow to exit on a busy machine; after that it is killed.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    // setsid detaches from the terminal and from the task's process group, so that neither Ctrl-C nor the end of the
    // task reaches the daemon; the redirections keep it from holding the task's own output open.
    private const string StartDetached = "setsid \"$@\" >>\"$FORENSICS_LOG\" 2>&1 </dev/null & echo $!";

    public string Name => name;

    public string LogFile => Path.Combine(paths.Logs, name + ".log");

    public bool IsRunning => Identity is not null;

    public int? ProcessId => Identity?.Id;

    private string PidFile => Path.Combine(paths.Pids, name + ".pid");

    private ProcessIdentity? Identity =>
        File.Exists(PidFile) && ProcessIdentity.Parse(File.ReadAllText(PidFile)) is { IsAlive: true } identity ? identity : null;

    /// <summary>Starts it if it does not run, and waits until it serves.</summary>
    /// <returns>True if it had to be started.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellation)
    {
        var started = !IsRunning;
        if (started) await LaunchAsync();
        await WaitUntilHealthyAsync(cancellation);
        return started;
    }

    /// <summary>Asks it to end, and kills it if it does not in time. No error if it does not run.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (Identity is { } identity)
        {
            await Signals.SendAsync("TERM", identity.Id);
            await Signals.SendAsync("CONT", identity.Id); // One that is paused would never see the first.
            if (!await GoneAsync(identity, cancellation)) await KillAsync(cancellation);
        }

        File.Delete(PidFile);
    }

    /// <summary>SIGKILL: what a crash looks like.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        if (Identity is not { } identity) return;
        await Signals.SendAsync("KILL", identity.Id);
        if (!await GoneAsync(identity, cancellation))
            throw new LocalClusterException($"{name} (process {identity.Id}) does not end even when killed. Restart the machine.");
    }

    /// <summary>SIGSTOP: it is there but answers nobody.</summary>
    public async Task PauseAsync()
    {
        if (Identity is { } identity) await Signals.SendAsync("STOP", identity.Id);
    }

    public async Task ResumeAsync()
    {
        if (Identity is { } identity) await Signals.SendAsync("CONT", identity.Id);
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellation) => IsRunning && await AnswersAsync(cancellation);

    /// <summary>Not to be interrupted: a process without its pid file would be lost to us.</summary>
    private async Task LaunchAsync()
    {
        Directory.CreateDirectory(paths.Logs);
        Directory.CreateDirectory(paths.Pids);
        var target = command();
        var launcher = target with
        {
            Program = "/bin/sh",
            Arguments = ["-c", StartDetached, "sh", target.Program, .. target.Arguments],
        };
        var output = await Command.RunAsync(launcher.With("FORENSICS_LOG", LogFile), CancellationToken.None);
        var id = int.Parse(output, CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(PidFile, ProcessIdentity.Of(id)?.ToString() ?? "", CancellationToken.None);
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellation)
    {
        var ended = false;
        var served = await Deadline.WaitAsync(
            async token => (ended = !IsRunning) || await AnswersAsync(token), StartLimit, time, cancellation);
        if (ended) throw new LocalClusterException($"{name} ended right after its start. The end of {LogFile}:\n{LogTail()}");
        if (!served)
            throw new LocalClusterException(
                $"{name} runs but did not answer within {StartLimit.TotalMinutes} minutes. The end of {LogFile}:\n{LogTail()}");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            return await healthy(cancellation);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<bool> GoneAsync(ProcessIdentity identity, CancellationToken cancellation) =>
        Deadline.WaitAsync(_ => Task.FromResult(!identity.IsAlive), StopLimit, time, cancellation);

    private string LogTail() => File.Exists(LogFile) ? Command.Tail(File.ReadAllText(LogFile), lines: 12) : "(empty)";
}
