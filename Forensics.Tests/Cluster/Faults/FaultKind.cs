namespace Forensics.Tests.Cluster.Faults;

/// <summary>A way for things to go wrong, at any point of its kind.</summary>
internal sealed record FaultKind(string Name, PointKind Strikes)
{
    /// <summary>How many requests of that sort in a row it befalls: more than the client's own few tries, or one.</summary>
    public int Times { get; init; } = 1;

    public Func<Exchange, RunScript, Task> OnRequest { get; init; } = (exchange, _) => exchange.PassOnAsync();

    /// <summary>False ends the watch.</summary>
    public Func<Exchange, byte[], Task<bool>> OnEvent { get; init; } = async (watch, line) =>
    {
        await watch.WriteLineAsync(line);
        return true;
    };

    public override string ToString() => Name;
}
