namespace Forensics.Local;

/// <summary>Finds the task that the command line names, runs it, and turns what happens into an exit code.</summary>
internal sealed class TaskList(IReadOnlyList<ITask> tasks, TextWriter output, TextWriter error)
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    // As a shell reports a program that Ctrl-C has ended.
    private const int Interrupted = 130;

    public async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        try
        {
            if (words is [] or ["help"]) return PrintHelp(Overview());
            if (words is ["help", var about]) return PrintHelp(Find(about).Help);
            var task = Find(words[0]);
            return await task.RunAsync(
                new TaskArguments(words.Skip(1)), new Progress(output, TimeProvider.System), cancellation);
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync($"error: {exception.Message}\nSee: dotnet run build.cs help{(words.Count > 0 && tasks.Any(task => task.Name == words[0]) ? " " + words[0] : "")}");
            return WrongUsage;
        }
        catch (LocalClusterException exception)
        {
            await error.WriteLineAsync($"error: {exception.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("error: interrupted");
            return Interrupted;
        }
    }

    private ITask Find(string name) =>
        tasks.FirstOrDefault(task => task.Name == name)
        ?? throw new UsageException($"There is no task '{name}'. There are: {string.Join(", ", tasks.Select(task => task.Name))}.");

    private string Overview() =>
        "Usage: dotnet run build.cs TASK [OPTIONS]\n\nTasks:\n"
        + string.Concat(tasks.Select(task => $"  {task.Name,-9} {task.Summary}\n"))
        + $"  {"help TASK",-9} more about one of them\n\n"
        + $"All that is built or started lies below {LocalPaths.DefaultHome}; set {LocalPaths.HomeVariable} for another folder.";

    private int PrintHelp(string text)
    {
        output.WriteLine(text);
        return 0;
    }
}
