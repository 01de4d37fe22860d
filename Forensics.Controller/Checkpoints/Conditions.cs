using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Keeps conditions as Kubernetes means them: times move only when something did, so that a reconcile that finds
/// nothing new writes nothing, and does not wake itself.</summary>
internal static class Conditions
{
    public static IReadOnlyList<Condition> With(
        this IReadOnlyList<Condition> conditions, string type, bool value, string reason, string message, DateTimeOffset now)
    {
        var status = value ? "True" : "False";
        var old = conditions.FirstOrDefault(c => c.Type == type);
        if (old is not null && old.Status == status && old.Reason == reason && old.Message == message) return conditions;

        var changed = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            LastProbeTime = now,
            LastTransitionTime = old?.Status == status ? old.LastTransitionTime : now,
        };
        return old is null ? [.. conditions, changed] : [.. conditions.Select(c => c.Type == type ? changed : c)];
    }

    /// <summary>Turns a condition to False if it is there at all.</summary>
    public static IReadOnlyList<Condition> Ending(
        this IReadOnlyList<Condition> conditions, string type, string reason, string message, DateTimeOffset now) =>
        conditions.IsTrue(type) ? conditions.With(type, false, reason, message, now) : conditions;

    public static bool IsTrue(this IReadOnlyList<Condition> conditions, string type) => conditions.True(type) is not null;

    public static bool IsTrue(this IReadOnlyList<Condition> conditions, string type, string reason) => conditions.True(type)?.Reason == reason;

    /// <summary>The condition of this type if it is True.</summary>
    public static Condition? True(this IReadOnlyList<Condition> conditions, string type) =>
        conditions.FirstOrDefault(c => c.Type == type && c.Status == "True");
}
