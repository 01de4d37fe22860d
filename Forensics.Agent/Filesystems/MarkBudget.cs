namespace Forensics.Agent.Filesystems;

/// <summary>How many changed paths of a pod's containers may be remembered at once: pods may have any number of containers, and each
/// container any number of changes. Whoever comes first has them.</summary>
internal sealed class MarkBudget(int most = MarkBudget.Most)
{
    /// <summary>Three quarters of 16 MiB of slots.</summary>
    public const int Most = 3 << 19;

    public int Left { get; private set; } = most;

    public bool TryTake()
    {
        if (Left == 0) return false;
        Left--;
        return true;
    }

    public void GiveBack(int marks) => Left += marks;
}
