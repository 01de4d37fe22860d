namespace Forensics.Local;

/// <summary>One entry of apt's sources: where an archive is and which of its parts the machine takes.</summary>
/// <param name="SignedBy">A key file, or a whole key as deb822 writes it; null if apt's own keyring is trusted.</param>
internal sealed record AptSource(
    IReadOnlyList<string> Uris, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string? SignedBy);
