namespace Forensics.Controller.Queues;

/// <summary>Which of two keys a worker gets first, in controller-runtime's words. What goes on comes before what is still to begin: or,
/// where thousands of requests come at once, the end of each capture would wait behind the beginning of all others.</summary>
internal enum Priority
{
    Normal,

    /// <summary>After all of <see cref="Normal"/>, but for the share that it gets of every few: it never starves.</summary>
    Low,
}
