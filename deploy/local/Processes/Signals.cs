using System.Globalization;

namespace Forensics.Local;

/// <summary>Sends signals by the shell's own kill, which every Debian has.</summary>
internal static class Signals
{
    public static async Task SendAsync(string signal, int processId) =>
        // No check: the process may have ended by itself a moment ago.
        await Command.TryAsync(
            new CommandLine("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, processId.ToString(CultureInfo.InvariantCulture)),
            CancellationToken.None);
}
