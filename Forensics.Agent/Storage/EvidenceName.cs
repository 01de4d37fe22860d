namespace Forensics.Agent.Storage;

internal static class EvidenceName
{
    /// <summary>Returns the name if it is one plain segment. Names come from validated plans, so anything else is our own bug.</summary>
    public static string Checked(string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0'))
            throw new ArgumentException($"'{name}' is no object name.", nameof(name));
        return name;
    }
}
