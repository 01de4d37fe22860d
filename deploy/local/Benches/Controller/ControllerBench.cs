using System.Globalization;
using System.Text.Json;

namespace Forensics.Local;

/// <summary>The whole controller against a real API server, under a load of captures whose Jobs and agents the bench plays.</summary>
internal sealed class ControllerBench(LocalPaths paths, TextWriter output) : ITask
{
    public string Name => "controller";

    public string Summary => "the controller under a load of captures";

    public string Help => """
        controller [--objects N,N…] [--json FILE]
          Starts a control plane of its own (etcd, API server, controller manager) and the controller as a process, creates N
          PodCheckpoints as fast as the API server takes them (default: 1000,10000), plays their Jobs and agents, kills the
          controller in mid-load and starts it again. Then idling, and last 1,000 changes a second of agents' pods. Needs root on Debian 12, and the
          loopback address of the local cluster, which must be down. --json adds a line for each N to FILE. Exit code 1
          if a capture was lost or made twice.
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var sizes = (arguments.TakeValue("--objects") ?? "1000,10000").Split(',').Select(CountOf).ToList();
        var json = arguments.TakeValue("--json");
        arguments.RejectTheRest();
        Prerequisites.CheckRoot();

        var program = await BenchPrograms.PublishAsync(paths, "Forensics.Controller", "forensics-controller", progress, cancellation);
        var allWell = true;
        foreach (var objects in sizes)
        {
            await using var run = await ControllerRun.StartAsync(paths, program, progress, cancellation);
            await run.IdleAsync("with nothing to do", cancellation);
            var record = await run.LoadAsync(objects, cancellation);
            var line = JsonSerializer.Serialize(record);
            await run.IdleAsync($"with {objects} ended captures, their Jobs and pods", cancellation);
            await run.EventsAsync(cancellation);
            if (json is not null) await File.AppendAllTextAsync(json, line + "\n", cancellation);
            await output.WriteLineAsync(line);
            allWell &= record is { Lost: 0, Duplicated: 0 };
        }

        return allWell ? 0 : 1;
    }

    private static int CountOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 1 and <= 100_000
            ? count
            : throw new UsageException($"--objects: '{text}' is not a number from 2 to 100000.");
}
