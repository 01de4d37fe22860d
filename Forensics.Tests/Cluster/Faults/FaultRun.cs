namespace Forensics.Tests.Cluster.Faults;

/// <summary>One story played once, with a fault in it or without.</summary>
/// <param name="Complaint">Null if it ended as it must.</param>
/// <param name="NeverStruck">The story did not come by the plan's point, so nothing is shown.</param>
internal sealed record FaultRun(string? Complaint, bool NeverStruck, EndState? End, IReadOnlyList<FaultPoint> Points, string Log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Lists that fill a cache have a limit of their own, of 100 s.
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(4);

    // After its end a story has an event to tell, and a Job to delete.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    // For a point that is passed only after the story has ended.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with it, for a person; null if it shows that the fault changes nothing.</summary>
    public string? Failure => (NeverStruck, Complaint) switch
    {
        (false, null) => null,
        (false, _) => Complaint,
        (true, null) => "the fault never struck",
        (true, _) => $"the fault never struck, and {Complaint}",
    };

    /// <summary>The fault has brought to light that something is wrong. A run that goes wrong before it strikes shows nothing of the kind.</summary>
    public bool FindsDefect => !NeverStruck && Complaint is not null;

    /// <param name="plan">Null for a run without faults.</param>
    /// <param name="smooth">How such a run ends; null if this is one.</param>
    public static async Task<FaultRun> PlayAsync(FaultBench bench, string program, Lane lane, Story story, FaultPlan? plan, EndState? smooth)
    {
        var patience = plan is { Kind.Name: "hangs", Point.Kind: PointKind.Read } ? LongPatience : Patience;
        await lane.ClearAsync(Patience);
        CrashingController? controller = null;
        var script = new RunScript(plan, () => controller!.RestartAsync());
        await using var proxy = await FaultProxy.StartAsync(bench.ApiServer, script);
        using var kubeconfig = ProxyKubeconfig.Write(proxy.Address, bench.Token);
        await using (controller = new CrashingController(program, [.. Flags(lane, kubeconfig.Path), .. story.Flags]))
        {
            var stage = new Stage(lane, controller, patience);
            IReadOnlyList<FaultPoint> points = [];
            string? complaint = null;
            EndState End() => EndState.Of(lane.History, lane);
            try
            {
                await controller.StartAsync();
                await controller.SyncedAsync(patience);
                await story.PlayAsync(stage);
                if (plan is null) await script.QuietAsync(Quiet, patience);
                points = script.Points;
                if (plan is not null) await WaitAsync(stage, () => script.Fired, Rest);
                var end = End();
                await stage.StillWorksAsync();
                if (smooth is not null) await WaitAsync(stage, () => End().DifferenceFrom(smooth) is null, Rest);
                complaint = smooth is null ? null : End().DifferenceFrom(smooth);
            }
            catch (TimeoutException e)
            {
                complaint = $"{e.Message}\n{End()}";
            }

            return new FaultRun(complaint, plan is not null && !script.Fired, complaint is null ? End() : null, points, controller.Log);
        }
    }

    private static async Task WaitAsync(Stage stage, Func<bool> condition, TimeSpan limit)
    {
        try
        {
            await stage.UntilAsync("it is so", condition, limit);
        }
        catch (TimeoutException)
        {
            // What did not come is said by whoever looks next.
        }
    }

    private static IEnumerable<string> Flags(Lane lane, string kubeconfig) =>
    [
        "--metrics-addr=0", "--health-probe-addr=0", $"--kubeconfig={kubeconfig}",
        $"--watch-namespaces={lane.Cases}", $"--worker-namespace={lane.Workers}", "--allowed-destinations=s3://evidence",
        "--pin-by-node-name", // Past the scheduler, which has no part in this.
        "--keep-complete=1s", "--keep-failed=1s", "--request-timeout=5s",
    ];
}
