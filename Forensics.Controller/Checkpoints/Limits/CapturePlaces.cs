namespace Forensics.Controller.Checkpoints.Limits;

/// <summary>Counts the captures that have a place, on each node and in all.</summary>
internal sealed class CapturePlaces(CaptureOptions options)
{
    private readonly Dictionary<string, int> _onNode = new(StringComparer.Ordinal);

    public int Taken { get; private set; }

    public bool AnyLeft => Taken < options.MaxCaptures;

    public bool LeftOn(string node) => _onNode.GetValueOrDefault(node) < options.MaxCapturesPerNode;

    public void Take(string node)
    {
        Taken++;
        _onNode[node] = _onNode.GetValueOrDefault(node) + 1;
    }

    public void GiveBack(string node)
    {
        Taken--;
        if (--_onNode[node] == 0) _onNode.Remove(node);
    }
}
