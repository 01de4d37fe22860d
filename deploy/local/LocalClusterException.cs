namespace Forensics.Local;

/// <summary>A failure whose message tells a person what went wrong and what to do. Shown without a stack trace.</summary>
internal sealed class LocalClusterException : Exception
{
    public LocalClusterException()
    {
    }

    public LocalClusterException(string message)
        : base(message)
    {
    }

    public LocalClusterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
