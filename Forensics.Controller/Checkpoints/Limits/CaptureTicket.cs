using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints.Limits;

/// <summary>A capture's claim to one of the places that the limits leave.</summary>
/// <param name="Node">Where its agent is to run.</param>
/// <param name="AskedAt">When its PodCheckpoint was created, to the second: the API server's time, the same after a restart.</param>
internal sealed record CaptureTicket(ResourceKey Key, string Uid, string Node, DateTimeOffset AskedAt)
{
    /// <summary>First come, first served. Who came in the same second is told apart by UID, always in the same way.</summary>
    public static IComparer<CaptureTicket> FirstComeFirstServed { get; } =
        Comparer<CaptureTicket>.Create((one, other) => Compare((one.AskedAt, one.Uid), (other.AskedAt, other.Uid)));

    /// <summary>The same order for those who have no ticket yet.</summary>
    public static IComparer<PodCheckpoint> OrderOfRequests { get; } =
        Comparer<PodCheckpoint>.Create((one, other) => Compare((AskedAtOf(one), one.Metadata.Uid), (AskedAtOf(other), other.Metadata.Uid)));

    public static CaptureTicket For(PodCheckpoint checkpoint, string node) => new(
        CaptureIdentity.KeyOf(checkpoint), checkpoint.Metadata.Uid, node, AskedAtOf(checkpoint));

    private static DateTimeOffset AskedAtOf(PodCheckpoint checkpoint) => checkpoint.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue;

    private static int Compare((DateTimeOffset At, string Uid) one, (DateTimeOffset At, string Uid) other) =>
        one.At.CompareTo(other.At) is not 0 and var byTime ? byTime : string.CompareOrdinal(one.Uid, other.Uid);
}
