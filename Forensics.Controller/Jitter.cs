using System.Diagnostics.CodeAnalysis;

namespace Forensics.Controller;

/// <summary>Randomness that keeps many clients from doing the same thing at the same time; it guards no secret.</summary>
internal static class Jitter
{
    /// <summary>At least 0, less than 1.</summary>
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Spreads load; nothing secret depends on it.")]
    public static double Next() => Random.Shared.NextDouble();
}
