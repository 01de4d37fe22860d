namespace Forensics.Agent.Storage;

/// <summary>The store refused or could not be reached. The message tells a person what to do.</summary>
internal sealed class StoreException : Exception
{
    public StoreException(string reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>One of <see cref="Api.Reasons"/>.</summary>
    public string Reason { get; }

    /// <summary>True if the same request may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>True if the request may have been carried out all the same: there was no answer, or one that does not say.</summary>
    public bool LeavesDoubt { get; init; }

    /// <summary>True for the two answers that a request gets when it has been carried out before:
    /// the object exists, or the upload is no more.</summary>
    public bool MayBeDone { get; init; }
}
