namespace Forensics.Agent.Filesystems.Linux;

/// <summary>What is mounted where, as the kernel lists it for this process. No file system is asked for it, so that one which hangs
/// is told as well: stat and statfs would wait for it.</summary>
internal sealed class MountTable
{
    private const int PointField = 4;

    // What comes before the mark has as many fields as it likes.
    private const string Mark = "-";
    private readonly List<(string Point, string Type)> _mounts = [];

    private MountTable(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var mark = Array.IndexOf(fields, Mark);
            if (mark > PointField && mark + 1 < fields.Length) _mounts.Add((Unescape(fields[PointField]), fields[mark + 1]));
        }
    }

    public static MountTable Read() => new(File.ReadLines("/proc/self/mountinfo"));

    /// <param name="lines">As in <c>/proc/PID/mountinfo</c>; what is none of its form is passed over.</param>
    public static MountTable Of(IEnumerable<string> lines) => new(lines);

    /// <summary>The type of the file system that a path lies on, <c>ext4</c> say; null if none is listed.</summary>
    /// <param name="path">Absolute, and no link on its way: its text is what is looked for.</param>
    public string? TypeAt(string path)
    {
        (string Point, string? Type) nearest = ("", null);
        foreach (var (point, type) in _mounts)
        {
            // Of two on the same place the later one hides the other.
            if (point.Length >= nearest.Point.Length && IsAtOrBelow(path, point)) nearest = (point, type);
        }

        return nearest.Type;
    }

    /// <summary>The same, if it is one whose answers a process gives (FUSE); null for all else.</summary>
    public string? UserSpaceTypeAt(string path) => TypeAt(path) is { } type && type.StartsWith("fuse", StringComparison.Ordinal) ? type : null;

    private static bool IsAtOrBelow(string path, string point) =>
        point == "/" || (path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || path[point.Length] == '/'));

    /// <summary>The kernel writes four characters by their codes, the backslash among them.</summary>
    private static string Unescape(string field) => field
        .Replace(@"\040", " ", StringComparison.Ordinal)
        .Replace(@"\011", "\t", StringComparison.Ordinal)
        .Replace(@"\012", "\n", StringComparison.Ordinal)
        .Replace(@"\134", @"\", StringComparison.Ordinal);
}
