using System.Text.Json;
using System.Text.RegularExpressions;
using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Commands;

/// <summary>Reads the plan that the Job mounts and checks all that names and keys are made from.</summary>
internal static partial class PlanDirectory
{
    /// <summary>Null, and a problem for a person, if the plan cannot be used.</summary>
    public static CaptureOrder? Read(string directory, AgentIdentity agent, out string problem)
    {
        problem = "";
        var plan = ReadPlan(Path.Combine(directory, AgentContract.PlanFile), ref problem);
        if (plan is null) return null;
        problem = ProblemOf(plan, agent) ?? "";
        return problem.Length > 0
            ? null
            : new CaptureOrder
            {
                Plan = plan,
                Agent = agent,
                Metadata = new PodMetadata(
                    BytesOf(Path.Combine(directory, AgentContract.PodYamlFile)), BytesOf(Path.Combine(directory, AgentContract.DescribeFile))),
            };
    }

    private static CapturePlan? ReadPlan(string path, ref string problem)
    {
        try
        {
            var plan = JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiJson.Whole<CapturePlan>());
            if (plan is null) problem = $"The plan {path} is empty.";
            return plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"The plan {path} cannot be read: {e.Message}";
        }
        catch (JsonException e)
        {
            problem = $"The plan {path} is no JSON of a plan: {e.Message}";
        }

        return null;
    }

    private static string? ProblemOf(CapturePlan plan, AgentIdentity agent)
    {
        if (plan.Version != 1) return $"The plan is of version {plan.Version}; this agent knows version 1.";
        if (!IsDestination(plan.Destination)) return $"The plan's destination '{plan.Destination}' is not of the form s3://bucket/prefix.";
        if (!PlainName().IsMatch(plan.Target.Namespace) || !PlainName().IsMatch(plan.Target.Pod)) return "The plan's target has no proper name.";
        if (!ContainerRuntimes.Names.Contains(plan.Target.Runtime)) return $"The plan's runtime '{plan.Target.Runtime}' is none that this agent knows.";
        if (plan.Containers.Contains(null!) || plan.Volumes.Contains(null!)) return "The plan's containers or volumes have a null among them.";
        if (plan.Containers.SelectMany(Ids).FirstOrDefault(id => !PlainName().IsMatch(id)) is { } id) return $"The plan's container id '{id}' is none.";
        return string.IsNullOrEmpty(agent.PodUid)
            ? $"{AgentContract.PodUidVariable} is not set; the PodTemplate must give it by the downward API (metadata.uid)."
            : null;
    }

    /// <summary>A plan's destination has its subpath joined to it already.</summary>
    private static bool IsDestination(string joined)
    {
        var slash = joined.IndexOf('/', Math.Min("s3://".Length, joined.Length));
        return slash > 0 && slash < joined.Length - 1 && Destination.TryParse(joined[..slash], joined[(slash + 1)..], out _, out _);
    }

    private static IEnumerable<string> Ids(PlannedContainer container) =>
        new[] { container.Id, container.LastTerminatedId }.OfType<string>();

    private static byte[]? BytesOf(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
