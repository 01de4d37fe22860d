namespace Forensics.Tests.Deploy.Access;

/// <summary>One thing that an identity may be allowed to do, as RBAC decides on it.</summary>
/// <param name="Resource">With its subresource and group: <c>pods/log</c>, <c>jobs.batch</c>. Or a path of the API server: <c>/metrics</c>.</param>
/// <param name="Namespace">Empty for everywhere.</param>
/// <param name="Name">Empty for whichever object.</param>
internal readonly record struct Right(string Verb, string Resource, string Namespace = "", string Name = "")
{
    public bool IsPath => Resource.StartsWith('/');

    /// <summary>Resource, subresource and API group: what the API server asks RBAC about.</summary>
    public (string Resource, string Subresource, string Group) Parts
    {
        get
        {
            var (path, group) = Cut(Resource, '.');
            var (resource, subresource) = Cut(path, '/');
            return (resource, subresource, group);
        }
    }

    public static string Join(string resource, string subresource, string group) =>
        $"{resource}{(subresource.Length == 0 ? "" : "/" + subresource)}{(group.Length == 0 ? "" : "." + group)}";

    /// <summary>Of these rights, those that do not follow from another: what is allowed everywhere is allowed in each namespace,
    /// and what is allowed on any object is allowed on each.</summary>
    public static IReadOnlySet<Right> Essence(IEnumerable<Right> rights)
    {
        var all = rights.ToHashSet();
        return all.Where(right => !right.Wider().Any(all.Contains)).ToHashSet();
    }

    public override string ToString() =>
        $"{Verb} {Resource}{(Name.Length == 0 ? "" : $" '{Name}'")}{(Namespace.Length == 0 ? "" : $" in {Namespace}")}";

    private IEnumerable<Right> Wider()
    {
        if (Namespace.Length > 0) yield return this with { Namespace = "" };
        if (Name.Length > 0) yield return this with { Name = "" };
        if (Namespace.Length > 0 && Name.Length > 0) yield return this with { Namespace = "", Name = "" };
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}
