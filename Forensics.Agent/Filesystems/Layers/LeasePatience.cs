using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Waits for files on which a process holds a lease (fcntl's F_SETLEASE). An open that would wait for its end is refused, but it
/// tells the process to give it up; the kernel ends it after /proc/sys/fs/lease-break-time, 45 seconds unless set otherwise.</summary>
/// <remarks>There is one budget for all files, or whoever holds many leases could hold up a capture for good.</remarks>
internal sealed class LeasePatience(TimeProvider clock, CancellationToken cancellationToken)
{
    /// <summary>For all files together.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private TimeSpan _left = Budget;

    /// <summary>Opens until it is no longer refused, or the budget is used up.</summary>
    /// <param name="open">Returns a descriptor, or an error.</param>
    /// <returns>What it returned last.</returns>
    public int Again(Func<int> open)
    {
        var result = -Errno.TryAgain;
        while (result == -Errno.TryAgain && _left > TimeSpan.Zero)
        {
            // On a thread of its own, which blocks for the disk as well.
            Task.Delay(Pause, clock, cancellationToken).GetAwaiter().GetResult();
            _left -= Pause;
            result = open();
        }

        return result;
    }
}
