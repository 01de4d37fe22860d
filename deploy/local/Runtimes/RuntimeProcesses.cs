using System.Globalization;

namespace Forensics.Local;

/// <summary>
/// What a container runtime starts and may leave behind: containers, their shims, Docker's own containerd. Told from
/// those of other runtimes on the machine by the folder that their arguments point to.
/// </summary>
internal sealed class RuntimeProcesses(string runtimeFolder)
{
    /// <summary>Kills what runs in containers; shims and runtime then clean up by themselves.</summary>
    public async Task KillContainersAsync(CancellationToken cancellation)
    {
        var parents = ParentsById();
        foreach (var shim in parents.Keys.Where(id => IsOurs(id, "containerd-shim")).ToList())
            foreach (var process in DescendantsOf(shim, parents))
                await KillAsync(process, cancellation);
    }

    /// <summary>Kills whatever is left once the runtime itself has ended.</summary>
    public async Task KillAllAsync(CancellationToken cancellation)
    {
        await KillContainersAsync(cancellation);
        foreach (var process in ParentsById().Keys.Where(id => IsOurs(id, "containerd")).ToList())
            await KillAsync(process, cancellation);
    }

    private static Task KillAsync(int process, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Signals.SendAsync("KILL", process);
    }

    private bool IsOurs(int process, string program)
    {
        var arguments = Read($"/proc/{process}/cmdline").Split('\0');
        return Path.GetFileName(arguments[0]).StartsWith(program, StringComparison.Ordinal)
            && arguments.Any(argument => argument.StartsWith(runtimeFolder + "/", StringComparison.Ordinal));
    }

    private static IEnumerable<int> DescendantsOf(int process, Dictionary<int, int> parents) =>
        parents.Where(pair => pair.Value == process).SelectMany(pair => (int[])[pair.Key, .. DescendantsOf(pair.Key, parents)]);

    private static Dictionary<int, int> ParentsById()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            // Field 4 of /proc/PID/stat; field 2, the name, may itself hold brackets and spaces.
            var stat = Read($"/proc/{id}/stat");
            if (stat.Length > 0) parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }

        return parents;
    }

    /// <returns>Empty if the process has gone meanwhile.</returns>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
