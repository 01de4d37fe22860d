namespace Forensics.Controller.Reconciling;

/// <summary>What a reconcile wants next: nothing until something changes, or another look after a while.</summary>
internal readonly record struct Result(TimeSpan? RequeueAfter)
{
    public static Result Done => default;

    public static Result After(TimeSpan delay) => new(delay);
}
