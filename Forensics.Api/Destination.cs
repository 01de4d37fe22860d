using System.Text.RegularExpressions;

namespace Forensics.Api;

/// <summary>A place for evidence in S3: <c>s3://bucket[/prefix]</c>, checked.</summary>
public sealed partial record Destination(string Bucket, string Prefix)
{
    /// <summary>Bound on bucket, prefix and subpath together: folder and object name need the rest of S3's 1,024 bytes a key.</summary>
    public const int MaxLength = 400;

    /// <summary>As in the CRD. Prefix segments hold what S3 documents as safe in keys.</summary>
    public const string Pattern = @"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()=+@,:-]+)*/?$";

    /// <summary>As in the CRD; leading and trailing slashes are taken off.</summary>
    public const string SubpathPattern = @"^/?([A-Za-z0-9!_.*'()=+@,:-]+(/[A-Za-z0-9!_.*'()=+@,:-]+)*)?/?$";

    /// <summary><c>s3://bucket/prefix</c>, with no slash at its end.</summary>
    public override string ToString() => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix}";

    /// <summary>Joins destination and subpath. False, with an error for a person, if either is not of its form.</summary>
    public static bool TryParse(string destination, string? subpath, out Destination? parsed, out string? error)
    {
        parsed = null;
        if (!MatchesWhole(DestinationForm(), destination))
        {
            error = $"The destination '{destination}' is not of the form s3://bucket[/prefix].";
            return false;
        }

        var below = string.IsNullOrEmpty(subpath) ? PodCheckpointSpec.DefaultSubpath : subpath;
        if (!MatchesWhole(SubpathForm(), below))
        {
            error = $"The subpath '{subpath}' may hold only letters, digits and !_.*'()=+@,:- between single slashes.";
            return false;
        }

        var segments = destination["s3://".Length..].Split('/').Concat(below.Split('/')).Where(s => s.Length > 0).ToList();
        if (segments.Exists(s => s is "." or ".."))
        {
            error = "Destination and subpath must not hold '.' or '..' as a segment.";
            return false;
        }

        parsed = new Destination(segments[0], string.Join('/', segments.Skip(1)));
        error = parsed.ToString().Length > MaxLength
            ? $"Destination and subpath together are longer than {MaxLength} characters."
            : null;
        if (error is not null) parsed = null;
        return error is null;
    }

    // In .NET, unlike in the API server, $ also matches before a newline at the end.
    private static bool MatchesWhole(Regex form, string text) => form.Match(text) is { Success: true } match && match.Length == text.Length;

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex DestinationForm();

    [GeneratedRegex(SubpathPattern, RegexOptions.CultureInvariant)]
    private static partial Regex SubpathForm();
}
