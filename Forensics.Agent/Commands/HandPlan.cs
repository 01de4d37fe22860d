using System.Text.RegularExpressions;
using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Commands;

/// <summary>What a person asked for on the command line.</summary>
internal sealed record HandRequest(IReadOnlyList<string> Containers, string Destination, string? Subpath, string? Name);

/// <summary>Makes the plan that a controller would have made, from what the runtime knows.</summary>
internal static partial class HandPlan
{
    private const string NoNamespace = "docker";
    private const int LongestName = 63;

    /// <summary>Joins destination and subpath. False, with a problem for a person, if either is not of its form.</summary>
    public static bool TryJoin(HandRequest request, out string joined, out string problem)
    {
        problem = "";
        joined = "";
        if (Uri.TryCreate(request.Destination, UriKind.Absolute, out var address) && address is { IsFile: true, IsUnc: false })
        {
            // The same form of a subpath holds for a local directory.
            if (!Destination.TryParse("s3://directory", request.Subpath, out var below, out var wrong)) problem = wrong!;
            else joined = $"{address.AbsoluteUri.TrimEnd('/')}/{below!.Prefix}";
        }
        else if (Destination.TryParse(request.Destination, request.Subpath, out var destination, out var wrong))
        {
            joined = destination!.ToString();
        }
        else
        {
            problem = $"{wrong} For a directory of this host say file:///directory.";
        }

        return problem.Length == 0;
    }

    /// <summary>Throws <see cref="RuntimeException"/> if the runtime does not know a container.</summary>
    public static async Task<CaptureOrder> MakeAsync(
        HandRequest request, string destination, IContainerRuntime runtime, AgentHost host)
    {
        var inspected = new List<InspectedContainer>();
        foreach (var id in request.Containers) inspected.Add(await runtime.InspectAsync(id, CancellationToken.None));

        var first = inspected[0];
        var agent = host.Identify();
        return new CaptureOrder
        {
            Agent = agent with { PodUid = agent.PodUid ?? Guid.NewGuid().ToString() },
            Plan = new CapturePlan
            {
                CreatedAt = host.Clock.GetUtcNow(),
                Destination = destination,
                Target = new CaptureTarget
                {
                    Namespace = Plain(Label(first, KubernetesLabels.PodNamespace) ?? NoNamespace),
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
                    Kind = Label(container, KubernetesLabels.DockerType) == KubernetesLabels.SandboxType ? ContainerKind.Sandbox : ContainerKind.Regular,
                    Id = container.Id,
                    Image = container.Image,
                    ImageId = container.ImageId,
                }).ToList(),
            },
        };
    }

    private static string? Label(InspectedContainer container, string label) =>
        container.Labels.GetValueOrDefault(label) is { Length: > 0 } value ? value : null;

    /// <summary>Fit for a file's name and a key, whoever chose it.</summary>
    private static string Plain(string name)
    {
        var plain = Unfit().Replace(name, "-").Trim('-', '.');
        return plain.Length == 0 ? "container" : plain[..Math.Min(plain.Length, LongestName)];
    }

    [GeneratedRegex("[^A-Za-z0-9_.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();
}
