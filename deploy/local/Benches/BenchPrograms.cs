namespace Forensics.Local;

/// <summary>The program that a benchmark measures: published as the images' is, for this machine.</summary>
internal static class BenchPrograms
{
    /// <returns>The program to run.</returns>
    public static async Task<string> PublishAsync(
        LocalPaths paths, string project, string program, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Bench: publishing {project}");
        var folder = paths.StateOf("bench", project);
        await ProgramPublishing.PublishAsync(RepositoryRoot.Find(), project, platform: null, folder, progress, cancellation);
        return Path.Combine(folder, program);
    }
}
