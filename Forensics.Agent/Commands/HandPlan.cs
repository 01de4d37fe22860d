using System.Text.RegularExpressions;
using Forensics.Agent.Capture;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Commands;

/// <summary>What a person asked for on the command line.</summary>
internal sealed record HandRequest(IReadOnlyList<string> Containers, string Destination, string? Subpath, string? Name)
{
    public ExportOptions Export { get; init; } = new();

    /// <summary>0 for as fast as it goes.</summary>
    public long MaxBytesPerSecond { get; init; }
}

/// <summary>Makes the plan that a controller would have made, from what the runtime knows.</summary>
internal static partial class HandPlan
{
    private const int LongestName = 63;

    /// <summary>Checks the request, and joins destination and subpath. False, with a problem for a person, if it is not of its form.</summary>
    public static bool TryRead(HandRequest request, out string destination, out string problem)
    {
        destination = "";
        problem = request.Containers.FirstOrDefault(container => !ContainerForm().IsMatch(container)) is { } container
            ? $"'{EscapedText.Of(container)}' is no name or id of a container."
            : ProblemOf(request, out destination) ?? "";
        return problem.Length == 0;
    }

    private static string? ProblemOf(HandRequest request, out string joined)
    {
        joined = "";
        string? wrong;
        if (Uri.TryCreate(request.Destination, UriKind.Absolute, out var address) && address is { IsFile: true, IsUnc: false })
        {
            if (address.Query.Length + address.Fragment.Length > 0)
                return $"The destination '{request.Destination}' is not of the form file:///directory.";
            // The same form of a subpath holds for a local directory.
            if (Destination.TryParse("s3://directory", request.Subpath, out var below, out wrong))
                joined = $"{address.AbsoluteUri.TrimEnd('/')}/{below!.Prefix}";
            return wrong;
        }

        if (Destination.TryParse(request.Destination, request.Subpath, out var destination, out wrong)) joined = destination!.ToString();
        else if (!request.Destination.StartsWith("s3://", StringComparison.Ordinal)) wrong += " For a directory of this host say file:///directory.";
        return wrong;
    }

    /// <summary>Throws <see cref="RuntimeException"/>, with the reason ContainerGone if the runtime does not know a container.</summary>
    public static async Task<CaptureOrder> MakeAsync(
        HandRequest request, string destination, IContainerRuntime runtime, AgentHost host)
    {
        var inspected = new List<InspectedContainer>();
        foreach (var id in request.Containers) inspected.Add(await InspectAsync(id, runtime));

        var first = inspected[0];
        var agent = host.Identify();
        return new CaptureOrder
        {
            Agent = agent with { PodUid = agent.PodUid ?? Guid.NewGuid().ToString() },
            Plan = new CapturePlan
            {
                CreatedAt = host.Clock.GetUtcNow(),
                Destination = destination,
                Export = request.Export,
                MaxBytesPerSecond = request.MaxBytesPerSecond,
                Target = new CaptureTarget
                {
                    Namespace = Plain(Label(first, KubernetesLabels.PodNamespace) ?? runtime.Name),
                    Pod = Plain(request.Name ?? Label(first, KubernetesLabels.PodName) ?? first.Name),
                    Uid = Label(first, KubernetesLabels.PodUid) ?? "",
                    // Only what was asked for is captured, not the rest of its pod.
                    RuntimeUid = "",
                    NodeName = agent.NodeName ?? agent.Host ?? "",
                    Runtime = runtime.Name,
                },
                Containers = inspected.DistinctBy(container => container.Id).Select(container => new PlannedContainer
                {
                    Name = Plain(Label(container, KubernetesLabels.ContainerName) ?? container.Name),
                    Kind = container.IsSandbox ? ContainerKind.Sandbox : ContainerKind.Regular,
                    Id = container.Id,
                    Image = container.Image,
                    ImageId = container.ImageId,
                }).ToList(),
            },
        };
    }

    private static async Task<InspectedContainer> InspectAsync(string id, IContainerRuntime runtime)
    {
        try
        {
            return await runtime.InspectAsync(id, CancellationToken.None);
        }
        catch (RuntimeException e) when (e.Reason == Reasons.ContainerGone)
        {
            throw new RuntimeException(e.Reason, $"{runtime.Name} holds no container '{id}'. '{Lister(runtime)}' lists those that it does.", e);
        }
    }

    private static string Lister(IContainerRuntime runtime) => runtime.Name == ContainerRuntimes.Docker ? "docker ps -a" : "crictl ps -a";

    private static string? Label(InspectedContainer container, string label) =>
        container.Labels.GetValueOrDefault(label) is { Length: > 0 } value ? value : null;

    /// <summary>Fit for a file's name and a key, whoever chose it.</summary>
    private static string Plain(string name)
    {
        var plain = Unfit().Replace(name, "-").Trim('-', '.');
        return plain.Length == 0 ? "container" : plain[..Math.Min(plain.Length, LongestName)];
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerForm();

    [GeneratedRegex("[^A-Za-z0-9_.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();
}
