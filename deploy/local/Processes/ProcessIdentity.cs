using System.Globalization;

namespace Forensics.Local;

/// <summary>
/// Names one process for good. A number alone does not: it is given out again. With the time at which the process was
/// started (clock ticks since boot) and the boot it belongs to, a stranger is never taken for ours and never killed.
/// </summary>
internal sealed record ProcessIdentity(int Id, long StartTicks, string BootId)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    public bool IsAlive => Of(Id) == this;

    /// <returns>Null if there is no such process, or only its exit code is left of it.</returns>
    public static ProcessIdentity? Of(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return StartTicksOf(stat) is { } ticks
                ? new ProcessIdentity(processId, ticks, File.ReadAllText(BootIdFile).Trim())
                : null;
        }
        catch (IOException)
        {
            return null; // Gone, perhaps while we were reading.
        }
    }

    /// <summary>Reads a line of /proc/PID/stat (proc(5)): the state is field 3, the start time field 22.</summary>
    /// <returns>Null for a zombie.</returns>
    public static long? StartTicksOf(string stat)
    {
        // Field 2 is the program's name in brackets and may hold spaces and brackets itself.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    public static ProcessIdentity? Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts is [var id, var ticks, var boot]
            && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var startTicks)
                ? new ProcessIdentity(processId, startTicks, boot)
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {StartTicks} {BootId}");
}
