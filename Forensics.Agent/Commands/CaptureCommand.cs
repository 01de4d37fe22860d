using System.CommandLine;
using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Commands;

/// <summary><c>forensics-agent capture</c>: the same capture by hand, on a Docker host with no Kubernetes.</summary>
internal static class CaptureCommand
{
    private const string Description = """
        Captures containers of this host by hand, with no Kubernetes: whatever state they are in, and without stopping them.
        Makes a new folder below the destination. Prints its location and its manifest's SHA-256 to stdout, which belong into the
        case file; all else goes to stderr.

          forensics-agent capture --container web --destination file:///mnt/evidence-disk/case-42
          forensics-agent capture --container web --container 0a1b2c3d4e5f --destination s3://evidence/case-42


        """;

    public static Command Create(AgentHost host)
    {
        var containers = new Option<string[]>("--container")
        {
            Description = "Id of a container (of Docker's also its name), running or not; may be given several times.",
            HelpName = "ID",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var destination = new Option<string>("--destination")
        {
            Description = "s3://bucket[/prefix], or file:///directory on this host (choose another disk than the evidence's).",
            HelpName = "URL",
            Required = true,
        };
        var subpath = new Option<string>("--subpath")
        {
            Description = "Below the destination; the evidence's folder is made in it.",
            HelpName = "PATH",
            DefaultValueFactory = _ => PodCheckpointSpec.DefaultSubpath,
        };
        var name = new Option<string?>("--name")
        {
            Description = "Names the evidence folder and its files. Default: the pod's name from the container's labels, else the container's.",
            HelpName = "NAME",
        };
        var runtime = new Option<string>("--runtime")
        {
            Description = "What runs the container.",
            HelpName = string.Join('|', ContainerRuntimes.Names),
            DefaultValueFactory = _ => ContainerRuntimes.Docker,
        };
        runtime.AcceptOnlyFromAmong([.. ContainerRuntimes.Names]);
        var socket = new Option<string?>("--runtime-socket")
        {
            Description = "The runtime's socket. Default: " + string.Join(", ", ContainerRuntimes.Names.Select(ContainerRuntimes.SocketOf)) + ".",
            HelpName = "PATH",
        };
        var method = new Option<ExportMethod>("--method")
        {
            Description = "How file systems are read: Layers (as the node keeps them), Runtime (docker export), or Auto: the layers where they can be reached.",
            HelpName = string.Join('|', Enum.GetNames<ExportMethod>()),
            DefaultValueFactory = _ => ExportMethod.Auto,
        }.AcceptOnlyFromAmong(Enum.GetNames<ExportMethod>());
        var compression = new Option<CompressionKind>("--compression")
        {
            Description = "How the archives of file systems are stored: None, Gzip or Zstd.",
            HelpName = "FORM",
            DefaultValueFactory = _ => CompressionKind.None,
        }.AcceptOnlyFromAmong(Enum.GetNames<CompressionKind>());
        var bandwidth = CaptureSettings.Number(
            "--max-bandwidth", null, 0, 0, 100_000, host.Environment, "MiB to store in a second at most; 0 sets no cap.");
        var settings = new CaptureSettings(host.Environment);
        var command = new Command(
            "capture", Description + AgentCommandLine.Common)
        {
            containers, destination, subpath, name, method, compression, bandwidth, runtime, socket,
        };
        settings.AddTo(command);
        command.SetAction(parsed => RunAsync(
            host,
            new HandRequest(parsed.GetValue(containers)!, parsed.GetValue(destination)!, parsed.GetValue(subpath), parsed.GetValue(name))
            {
                Export = new ExportOptions { Method = parsed.GetValue(method), Compression = parsed.GetValue(compression) },
                MaxBytesPerSecond = (long)parsed.GetValue(bandwidth) << 20,
            },
            settings.Runtime(
                parsed, parsed.GetValue(runtime)!, parsed.GetValue(socket) ?? ContainerRuntimes.SocketOf(parsed.GetValue(runtime)!), HostLayout.Direct),
            options => new CaptureEngine(host, settings.S3(parsed), options)));
        return command;
    }

    private static async Task<int> RunAsync(
        AgentHost host, HandRequest request, RuntimeOptions options, Func<RuntimeOptions, CaptureEngine> engine)
    {
        if (!HandPlan.TryRead(request, out var destination, out var problem)) return await RefuseAsync(host, problem, AgentCommandLine.Usage);

        CaptureOutcome outcome;
        try
        {
            outcome = await CaptureAsync(host, request, destination, options, engine);
        }
        catch (RuntimeException e)
        {
            return await RefuseAsync(host, e.Message, e.Reason == Reasons.ContainerGone ? AgentCommandLine.Usage : AgentCommandLine.Failed);
        }

        // A folder in which there is nothing would only be searched in vain.
        if (outcome is { Objects: > 0, Location: { } location }) await host.Out.WriteLineAsync($"location: {location}");
        if (outcome.ManifestSha256 is { } hash) await host.Out.WriteLineAsync($"manifest-sha256: {hash}");
        return outcome.Complete ? AgentCommandLine.Complete : AgentCommandLine.Failed;
    }

    /// <summary>Throws <see cref="RuntimeException"/> if the plan cannot be made; the log is out by then.</summary>
    private static async Task<CaptureOutcome> CaptureAsync(
        AgentHost host, HandRequest request, string destination, RuntimeOptions options, Func<RuntimeOptions, CaptureEngine> engine)
    {
        using var logging = AgentLogging.Create();
        CaptureOrder order;
        using (var runtime = ContainerRuntimes.Open(options, host.Clock, logging.CreateLogger(options.Name)))
            order = await HandPlan.MakeAsync(request, destination, runtime, host);

        var log = logging.CreateLogger(nameof(CaptureCommand));
        var outcome = await engine(options).CaptureAsync(order, ReportBetween(log), logging);
        log.CaptureEnded(outcome);
        return outcome;
    }

    /// <summary>For large artifacts; that one is done is logged anyway.</summary>
    private static Action<CaptureProgress> ReportBetween(ILogger log)
    {
        var done = 0;
        return progress =>
        {
            if (progress.ArtifactsDone == done) log.Progress(progress.Container ?? "pod", progress.Artifact ?? "", progress.Bytes);
            done = progress.ArtifactsDone;
        };
    }

    private static async Task<int> RefuseAsync(AgentHost host, string problem, int exitCode)
    {
        await host.Error.WriteLineAsync($"forensics-agent: {problem}");
        return exitCode;
    }
}
