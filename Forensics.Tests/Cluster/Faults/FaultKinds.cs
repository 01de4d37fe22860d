using System.Text;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>All the kinds. docs/decisions/fault-tests.md says which of Sieve's classes each belongs to.</summary>
internal static class FaultKinds
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    // Longer than all that the controller waits for on purpose in these runs.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    public static FaultKind KilledBefore { get; } = OnWrite("killed before", async (exchange, run) =>
    {
        await run.CrashAsync();
        exchange.Cut();
    });

    public static FaultKind KilledAfter { get; } = OnWrite("killed after", async (exchange, run) =>
    {
        await exchange.ForwardAsync();
        await run.CrashAsync();
        exchange.Cut();
    });

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        KilledBefore,
        KilledAfter,
        OnWrite("killed after, started on the lists from before", async (exchange, run) =>
        {
            var old = await run.ListAsync(exchange);
            await exchange.ForwardAsync();
            run.Replay(old);
            await run.CrashAsync();
            exchange.Cut();
        }),
        // Each resource has a watch cache of its own in the API server, and each may be behind for itself.
        StartedOnTheFirst("podcheckpoints"),
        StartedOnTheFirst("jobs"),
        StartedOnTheFirst("pods"),
        OnWrite("killed after, started on the podcheckpoints from before the first write", async (exchange, run) =>
        {
            await exchange.ForwardAsync();
            run.Replay(run.ListsOfTheBeginning.Where(list => list.Key == "podcheckpoints"));
            await run.CrashAsync();
            exchange.Cut();
        }),
        OnWrite("409", (exchange, _) => exchange.RefuseAsync(409, "Conflict", "Operation cannot be fulfilled: the object has been modified; please try again")),
        OnWrite("lost on its way", (exchange, _) =>
        {
            exchange.Cut();
            return Task.CompletedTask;
        }),
        OnWrite("answer lost", async (exchange, _) =>
        {
            await exchange.ForwardAsync();
            exchange.Cut();
        }),
        .. On(PointKind.Write),
        .. On(PointKind.Read),
        new FaultKind("cut in mid-event", PointKind.Event) { OnEvent = CutAsync },
        new FaultKind("lost, then 410", PointKind.Event) { OnEvent = LoseAsync },
        new FaultKind("twice", PointKind.Event) { OnEvent = RepeatAsync },
        new FaultKind("silent, then ended", PointKind.Event) { OnEvent = FallSilentAsync },
    ];

    private static FaultKind OnWrite(string name, Func<Exchange, RunScript, Task> act) => new(name, PointKind.Write) { OnRequest = act };

    private static FaultKind StartedOnTheFirst(string resource) => OnWrite($"killed after, started on the first list of {resource}", async (exchange, run) =>
    {
        await exchange.ForwardAsync();
        run.Replay(run.FirstLists.Where(list => list.Key == resource));
        await run.CrashAsync();
        exchange.Cut();
    });

    // What befalls any request.
    private static IEnumerable<FaultKind> On(PointKind point) =>
    [
        new("429", point) { OnRequest = (exchange, _) => exchange.RefuseAsync(429, "TooManyRequests", "The server is busy.", retryAfterSeconds: 1) },
        new("500", point) { OnRequest = (exchange, _) => exchange.RefuseAsync(500, "InternalError", "Internal error occurred: injected") },
        new("503 five times", point)
        {
            Times = 5,
            OnRequest = (exchange, _) => exchange.RefuseAsync(503, "ServiceUnavailable", "The server is currently unable to handle the request"),
        },
        new("hangs", point)
        {
            OnRequest = async (exchange, _) =>
            {
                await exchange.ForwardAsync();
                await exchange.HangAsync();
            },
        },
        new("half an answer", point) { OnRequest = async (exchange, _) => await exchange.AnswerHalfAsync(await exchange.ForwardAsync()) },
    ];

    private static async Task<bool> CutAsync(Exchange watch, byte[] line)
    {
        await watch.WriteLineAsync(line.AsMemory(0, line.Length / 2));
        watch.Cut();
        return false;
    }

    // A real server loses events in one way only: it has forgotten them, and says so. Until then the watch stands still.
    private static async Task<bool> LoseAsync(Exchange watch, byte[] line)
    {
        await watch.LagAsync(Lag);
        var gone = Encoding.UTF8.GetString(Exchange.StatusObject(410, "Expired", "too old resource version"));
        await watch.WriteLineAsync(Encoding.UTF8.GetBytes($$"""{"type":"ERROR","object":{{gone}}}""" + "\n"));
        return false;
    }

    // From here on this watch says nothing, while its connection and all other watches are well. A server ends every watch in peace
    // when its time has come: here it comes soon, where the controller asks for some minutes.
    private static async Task<bool> FallSilentAsync(Exchange watch, byte[] line)
    {
        await watch.LagAsync(Silence);
        return false;
    }

    private static async Task<bool> RepeatAsync(Exchange watch, byte[] line)
    {
        await watch.WriteLineAsync(line);
        await watch.WriteLineAsync(line);
        return true;
    }
}
