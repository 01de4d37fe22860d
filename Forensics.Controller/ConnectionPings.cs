namespace Forensics.Controller;

/// <summary>How a connection over HTTP/2 is asked whether it is still one: whoever does not answer is gone, with all that was under way.</summary>
/// <param name="Delay">Of silence until a ping is sent; a second or more.</param>
/// <param name="Timeout">Until it must be answered; a second or more.</param>
internal sealed record ConnectionPings(TimeSpan Delay, TimeSpan Timeout)
{
    /// <summary>client-go's.</summary>
    public static ConnectionPings Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(15));
}
