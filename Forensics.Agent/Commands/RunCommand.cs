using System.CommandLine;
using System.Text.Json;
using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Commands;

/// <summary><c>forensics-agent run</c>: what the controller's Job runs.</summary>
internal static class RunCommand
{
    public static Command Create(AgentHost host)
    {
        var planDirectory = new Option<string>("--plan-directory")
        {
            Description = $"Where the plan is mounted: {AgentContract.PlanFile}, {AgentContract.PodYamlFile}, {AgentContract.DescribeFile}.",
            HelpName = "DIR",
            DefaultValueFactory = _ => AgentContract.PlanDirectory,
        };
        var socket = new Option<string>("--runtime-socket")
        {
            Description = "The container runtime's socket in this container.",
            HelpName = "PATH",
            DefaultValueFactory = _ => AgentContract.RuntimeSocket,
        };
        var terminationLog = new Option<string>("--termination-log")
        {
            Description = "Where the outcome is written, as JSON of at most 4096 bytes.",
            HelpName = "PATH",
            DefaultValueFactory = _ => AgentContract.TerminationLog,
        };
        var settings = new CaptureSettings(host.Environment);
        var command = new Command(
            "run",
            "Carries out the plan that the controller's Job mounted into this pod; people want capture. Progress goes to stdout as JSON "
            + "lines, the outcome to the termination log, all else to stderr. "
            + $"The pod's own identity is read from {AgentContract.PodNameVariable}, {AgentContract.PodUidVariable} and {AgentContract.NodeNameVariable}.\n\n"
            + AgentCommandLine.Common)
        {
            planDirectory, socket, terminationLog,
        };
        settings.AddTo(command);
        command.SetAction(parsed => RunAsync(
            host,
            parsed.GetValue(planDirectory)!,
            parsed.GetValue(terminationLog)!,
            plan => new CaptureEngine(
                host,
                settings.S3(parsed),
                settings.Runtime(parsed, plan.Target.Runtime, parsed.GetValue(socket)!, LayoutOf(plan)))));
        return command;
    }

    private static async Task<int> RunAsync(AgentHost host, string planDirectory, string terminationLog, Func<CapturePlan, CaptureEngine> engine)
    {
        using var logging = AgentLogging.Create();
        var log = logging.CreateLogger(nameof(RunCommand));
        var order = PlanDirectory.Read(planDirectory, host.Identify(), out var problem);
        var outcome = order is null
            ? CaptureOutcomes.InvalidPlan(problem)
            : await engine(order.Plan).CaptureAsync(order, Report(host.Out), logging);

        log.CaptureEnded(outcome);
        try
        {
            await File.WriteAllBytesAsync(terminationLog, outcome.ToTerminationMessage());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.OutcomeNotWritten(terminationLog, e.Message);
        }

        return order is null ? AgentCommandLine.Usage : outcome.Complete ? AgentCommandLine.Complete : AgentCommandLine.Failed;
    }

    private static HostLayout LayoutOf(CapturePlan plan) => plan.Node is { } node ? new HostLayout(node.Directories) : HostLayout.Direct;

    private static Action<CaptureProgress> Report(TextWriter output) => progress =>
    {
        output.WriteLine(JsonSerializer.Serialize(progress, ApiJson.Compact.CaptureProgress));
        output.Flush();
    };
}
