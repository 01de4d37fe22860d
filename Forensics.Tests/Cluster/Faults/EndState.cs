using System.Text.Json;
using System.Text.RegularExpressions;
using Forensics.Api;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>How a story ended: every status, and how often each object was made and taken away, with all that differs from run to
/// run (UIDs, times, names of namespaces) replaced. Two runs of a story must end alike, whatever went wrong in one of them.</summary>
/// <param name="Lines">One for each field of a status and each object.</param>
/// <param name="Events">Reasons of the events that people were told. Courtesies: each at most once, and none that was not due.</param>
internal sealed partial record EndState(IReadOnlyList<string> Lines, IReadOnlyList<string> Events)
{
    /// <summary>Null if both ended alike.</summary>
    public string? DifferenceFrom(EndState smooth)
    {
        var differences = smooth.Lines.Except(Lines).Select(line => $"missing: {line}")
            .Concat(Lines.Except(smooth.Lines).Select(line => $"new:     {line}"))
            .Concat(Events.Except(smooth.Events).Where(e => !TellsOfWaiting(e)).Select(e => $"told:    {e}"))
            .Concat(Events.GroupBy(e => e).Where(told => told.Count() > 1).Select(told => $"told {told.Count()} times: {told.Key}"))
            .ToList();
        return differences.Count == 0 ? null : string.Join('\n', differences);
    }

    public override string ToString() => string.Join('\n', Lines.Concat(Events));

    public static EndState Of(ClusterHistory history, Lane lane)
    {
        var names = Names(history, lane);
        var uids = history.Of("podcheckpoints").Select(seen => seen.Uid).ToList();
        var statuses = history.Of("podcheckpoints").Where(seen => !seen.Gone && seen.Name != Stage.LastName).SelectMany(StatusOf);
        var objects = new[] { "podcheckpoints", "configmaps", "jobs", "pods" }
            .SelectMany(history.Of)
            .Where(seen => seen.Name != Stage.LastName)
            .Where(seen => uids.Contains(seen.Uid) || uids.Any(uid => seen.Name.Contains(uid, StringComparison.Ordinal)))
            .GroupBy(seen => $"{seen.Resource} {Normal(seen.Name)}")
            .Select(same => $"{same.Key}: made {same.Count()}, taken away {same.Count(seen => seen.Gone)}");
        var events = history.Of("events")
            .Select(seen => (Reason: seen.Last.GetProperty("reason").GetString(), About: seen.Last.GetProperty("involvedObject")))
            .Where(told => told.About.GetProperty("name").GetString() != Stage.LastName)
            .Select(told => $"{told.Reason} of {told.About.GetProperty("name").GetString()} {Normal(told.About.GetProperty("uid").GetString()!)}");
        return new EndState([.. statuses.Concat(objects).Order()], [.. events.Order()]);

        IEnumerable<string> StatusOf(ClusterHistory.Seen seen)
        {
            var checkpoint = seen.Last.Deserialize(ApiJson.Compact.PodCheckpoint)!;
            var status = checkpoint.Status ?? new PodCheckpointStatus();
            var lasting = status with
            {
                // Two runs have targets in namespaces of different names.
                SpecHash = status.SpecHash == SpecHash.Of(checkpoint.Spec) ? "of its spec" : status.SpecHash,

                // What is over may have been or not: a refusal that passed, say.
                Conditions = [.. status.Conditions.Where(condition => condition.Status == "True").OrderBy(condition => condition.Type)],

                // Where somebody deletes an agent's Job, it is chance whether the agent's end is seen before its pod is gone.
                Failed = 0,
            };
            return JsonSerializer.SerializeToElement(lasting, ApiJson.Compact.PodCheckpointStatus).EnumerateObject()
                .Select(field => $"{seen.Name} says {field.Name}: {Normal(field.Value.GetRawText())}");
        }

        string Normal(string text)
        {
            foreach (var (from, to) in names) text = text.Replace(from, to, StringComparison.Ordinal);
            return FolderTime().Replace(Time().Replace(text, "<time>"), "/<time>_");
        }
    }

    // That the API server refused something for a while is true, and so is it that another agent, which was to be gone by then, was
    // not yet.
    private static bool TellsOfWaiting(string told) =>
        told.StartsWith("Waiting ", StringComparison.Ordinal) || told.StartsWith($"{Reasons.Queued} ", StringComparison.Ordinal);

    // Longer ones first: a folder's name has only the beginning of the agent pod's UID.
    private static List<(string From, string To)> Names(ClusterHistory history, Lane lane)
    {
        var (checkpoints, agents) = (history.Of("podcheckpoints"), history.Of("pods"));
        return
        [
            (lane.Workers, "<workers>"),
            (lane.Cases, "<cases>"),
            .. agents.Select((pod, n) => (pod.Name, $"<agent {n + 1}>")),
            .. agents.Select((pod, n) => (pod.Uid, $"<agent {n + 1}'s uid>")),
            .. agents.Select((pod, n) => ($"_{pod.Uid[..8]}", $"_<agent {n + 1}'s uid>")),
            .. checkpoints.Select((checkpoint, n) => (checkpoint.Uid, $"<uid {n + 1}>")),
            .. lane.TargetUids.Select((uid, n) => (uid, $"<target {n + 1}>")),
        ];
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex Time();

    [GeneratedRegex(@"/\d{10}_")]
    private static partial Regex FolderTime();
}
