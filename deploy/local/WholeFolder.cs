namespace Forensics.Local;

/// <summary>
/// Makes a folder of the cache under a temporary name and renames it when it is complete, so that what an interrupted
/// run has left is never taken for the whole.
/// </summary>
internal static class WholeFolder
{
    public static async Task MakeAsync(string folder, Func<string, Task> fill)
    {
        if (Directory.Exists(folder)) return;
        var temporary = folder + ".partial";
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        await fill(temporary);
        Directory.Move(temporary, folder);
    }
}
