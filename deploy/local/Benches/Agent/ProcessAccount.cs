using System.Globalization;

namespace Forensics.Local;

/// <summary>What the kernel says that a process has used.</summary>
internal sealed record ProcessAccount(double CpuSeconds, long Written)
{
    private const double TicksPerSecond = 100;

    // Fields of /proc/PID/stat after the name, which is in parentheses and may hold anything.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int ChildUserTime = 13;

    public static ProcessAccount operator -(ProcessAccount after, ProcessAccount before) =>
        new(after.CpuSeconds - before.CpuSeconds, after.Written - before.Written);

    public static ProcessAccount Of(int id) =>
        new(Seconds(File.ReadAllText($"/proc/{id}/stat"), UserTime), WrittenIn(File.ReadAllText($"/proc/{id}/io")));

    /// <param name="account">The shell's stat and io, one after the other. What children wrote is in their parent's io once they are dead.</param>
    public static ProcessAccount OfDeadChildren(string account) => new(Seconds(account, ChildUserTime), WrittenIn(account));

    public static IEnumerable<int> DescendantsOf(int id)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var child) && TryRead($"{folder}/stat") is { } stat)
                (CollectionsOf(children, (int)Fields(stat)[Parent])).Add(child);
        }

        var found = new Queue<int>([id]);
        while (found.TryDequeue(out var next))
        {
            foreach (var child in children.GetValueOrDefault(next, []))
            {
                yield return child;
                found.Enqueue(child);
            }
        }
    }

    /// <summary>0 if it has ended.</summary>
    public static long PeakRssOf(int id)
    {
        var line = TryRead($"/proc/{id}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static List<int> CollectionsOf(Dictionary<int, List<int>> children, int parent) =>
        children.TryGetValue(parent, out var list) ? list : children[parent] = [];

    private static double Seconds(string stat, int first) => (Fields(stat)[first] + Fields(stat)[first + 1]) / TicksPerSecond;

    private static long WrittenIn(string io) => long.Parse(
        io.Split('\n').First(line => line.StartsWith("write_bytes:", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    private static double[] Fields(string stat) =>
    [
        .. stat.Split('\n')[0][(stat.LastIndexOf(')') + 2)..].Split(' ').Select(
            field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0),
    ];

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
