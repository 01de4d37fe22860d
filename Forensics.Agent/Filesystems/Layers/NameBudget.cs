namespace Forensics.Agent.Filesystems.Layers;

/// <summary>How many names may be remembered at once in all directories that a walk is in: how many those have, and how deep they lie within
/// each other, was chosen by whoever made them.</summary>
internal sealed class NameBudget(int names, int directories)
{
    private int _names = names;
    private int _directories = directories;

    public bool TryTakeName() => TryTake(ref _names);

    public bool TryTakeDirectory() => TryTake(ref _directories);

    public void GiveBack(int names, int directories)
    {
        _names += names;
        _directories += directories;
    }

    private static bool TryTake(ref int left)
    {
        if (left == 0) return false;
        left--;
        return true;
    }
}
