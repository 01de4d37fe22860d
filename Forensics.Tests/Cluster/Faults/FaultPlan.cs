namespace Forensics.Tests.Cluster.Faults;

/// <summary>One story in which one thing goes wrong at one point.</summary>
internal sealed record FaultPlan(Story Story, FaultPoint Point, FaultKind Kind)
{
    public bool Hits(FaultPoint point) =>
        point.Kind == Point.Kind && point.What == Point.What && point.Nth >= Point.Nth && point.Nth < Point.Nth + Kind.Times;

    public override string ToString() => $"{Story.Name}: {Point}: {Kind}";
}
