using System.Net;

namespace Forensics.Agent.Runtimes;

/// <summary>The container runtime refused, broke off or could not be reached.</summary>
internal sealed class RuntimeException : Exception
{
    public RuntimeException(string reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>One of <see cref="Api.Reasons"/>: ContainerGone, ImageGone, RuntimeUnreachable, RuntimeFailed, LogsUnavailable or
    /// StreamTruncated.</summary>
    public string Reason { get; }

    /// <summary>True if what was read until now is sound and only the rest is missing.</summary>
    public bool IsCut { get; init; }

    /// <summary>The refusal of a runtime that speaks HTTP, and its words, which may quote the container; null if it was none.</summary>
    public (HttpStatusCode Status, string Said)? Answer { get; init; }

    /// <summary>True if the same call may succeed later.</summary>
    public bool IsTransient { get; init; }
}
