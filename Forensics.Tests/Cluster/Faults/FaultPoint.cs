namespace Forensics.Tests.Cluster.Faults;

/// <summary>Where in a story a fault may strike: a request, or an event on its way to a watch, by what it is and the how-manieth.</summary>
/// <param name="What">An <see cref="ApiCall"/>, or <c>event jobs MODIFIED</c>.</param>
/// <param name="Nth">From 1, counted over the whole run, restarts included.</param>
internal sealed record FaultPoint(PointKind Kind, string What, int Nth)
{
    public override string ToString() => $"{What} #{Nth}";
}

internal enum PointKind
{
    Write,
    Read,
    Event,
}
