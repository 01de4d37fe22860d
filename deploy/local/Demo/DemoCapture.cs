using System.Text.Json;

namespace Forensics.Local;

/// <summary>Where a finished capture lies, and the hash that proves it, from the PodCheckpoint's status.</summary>
internal sealed record DemoCaptured(string Location, string ManifestSha256);

/// <summary>The sample PodCheckpoint against the sample pod, by kubectl as a person would do it.</summary>
internal sealed class DemoCapture(LocalCluster cluster, Progress progress)
{
    public const string Checkpoint = "podcheckpoint-sample";
    public const string CheckpointNamespace = "forensics-system";

    private const string PodFile = "deploy/samples/compromised-pod.yaml";
    private const string CheckpointFile = "deploy/samples/forensics_v1alpha1_podcheckpoint.yaml";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Starts the compromised pod anew and forgets an earlier run's PodCheckpoint (its evidence stays in the bucket).</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        progress.Say($"Pod: starting the compromised one ({PodFile})");
        await KubectlAsync(["delete", "--ignore-not-found", "-f", File(CheckpointFile)], cancellation);
        await KubectlAsync(["delete", "--ignore-not-found", "--grace-period=1", "-f", File(PodFile)], cancellation);
        await KubectlAsync(["apply", "-f", File(PodFile)], cancellation);
        await KubectlAsync(["wait", "--for=condition=Ready", "--timeout=180s", "-f", File(PodFile)], cancellation);
    }

    /// <summary>Applies the PodCheckpoint and says every change of its status until it has finished.</summary>
    public async Task<DemoCaptured> RunAsync(CancellationToken cancellation)
    {
        progress.Say($"PodCheckpoint: kubectl apply -f {CheckpointFile}");
        await KubectlAsync(["apply", "-f", File(CheckpointFile)], cancellation);

        var status = default(JsonElement);
        var said = "";
        var finished = await Deadline.WaitAsync(
            async token =>
            {
                status = await StatusAsync(token);
                var line = Describe(status);
                if (line != said) progress.Say($"PodCheckpoint: {said = line}");
                return IsTrue(status, "Finished");
            },
            Limit,
            progress.Time,
            cancellation);

        if (!finished) throw new LocalClusterException($"The PodCheckpoint did not finish within {Limit.TotalMinutes} minutes; its status:\n{status}");
        if (!IsTrue(status, "Complete")) throw new LocalClusterException($"The capture failed: {Text(status, "message")}");
        return new DemoCaptured(Text(status, "location"), Text(status, "manifestSHA256"));
    }

    private async Task<JsonElement> StatusAsync(CancellationToken cancellation)
    {
        var json = await KubectlAsync(
            ["get", "podcheckpoints.forensics.keikoproj.io", "-n", CheckpointNamespace, Checkpoint, "-o", "json"], cancellation);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("status", out var status) ? status.Clone() : default;
    }

    private static string Describe(JsonElement status) =>
        status.ValueKind == JsonValueKind.Undefined
            ? "applied"
            : $"{Text(status, "phase"),-10} {Text(status, "size"),10}  {Text(status, "message")}";

    private static bool IsTrue(JsonElement status, string condition) =>
        status.ValueKind == JsonValueKind.Object
        && status.TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(c => Text(c, "type") == condition && Text(c, "status") == "True");

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string File(string path) => Path.Combine(RepositoryRoot.Find(), path);

    private Task<string> KubectlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Command.RunAsync(cluster.Kubectl(arguments), cancellation);
}
