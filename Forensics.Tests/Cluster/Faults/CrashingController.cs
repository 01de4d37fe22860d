using System.Diagnostics;
using System.Text;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>The controller as a process that is killed (SIGKILL) and started again at any moment.</summary>
internal sealed class CrashingController(string program, IReadOnlyList<string> flags) : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private bool _isWanted;

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public Task StartAsync() => InTurnAsync(() =>
    {
        _isWanted = true;
        if (_process is null) Start();
        return Task.CompletedTask;
    });

    /// <summary>Until its caches are filled for the first time: what is applied from now on is in none of its first lists.</summary>
    /// <exception cref="TimeoutException">They were not in time.</exception>
    public async Task SyncedAsync(TimeSpan patience)
    {
        try
        {
            await _synced.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not within {patience.TotalSeconds:0} s: the controller's caches are synced");
        }
    }

    /// <summary>Kills it, and it stays dead.</summary>
    public Task StopAsync() => InTurnAsync(() =>
    {
        _isWanted = false;
        return KillAsync();
    });

    /// <summary>Kills it and starts another, as a cluster would.</summary>
    public Task RestartAsync() => InTurnAsync(async () =>
    {
        await KillAsync();
        if (_isWanted) Start();
    });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _turn.Dispose();
    }

    private void Start()
    {
        var command = TestedProgram.Run(program, flags);
        var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" }, // It lives for seconds.
        })!;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _process = process;
    }

    private async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        Keep($"--- ended with {process.ExitCode}");
        process.Dispose();
    }

    private async Task InTurnAsync(Func<Task> act)
    {
        await _turn.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
        if (line.Contains("Caches are synced", StringComparison.Ordinal)) _synced.TrySetResult();
    }
}
