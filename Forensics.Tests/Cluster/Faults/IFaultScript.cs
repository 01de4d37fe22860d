namespace Forensics.Tests.Cluster.Faults;

/// <summary>What a <see cref="FaultProxy"/> does.</summary>
internal interface IFaultScript
{
    /// <summary>For every request. Ends when it is dealt with.</summary>
    Task ServeAsync(Exchange exchange);

    /// <summary>For every line of a watch that the server sends.</summary>
    /// <returns>False to end the watch.</returns>
    Task<bool> RelayAsync(Exchange watch, byte[] line);
}
