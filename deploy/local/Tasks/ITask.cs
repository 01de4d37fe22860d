namespace Forensics.Local;

/// <summary>Something that <c>dotnet run build.cs NAME</c> can do.</summary>
internal interface ITask
{
    string Name { get; }

    /// <summary>One line for the list of tasks.</summary>
    string Summary { get; }

    /// <summary>The text of <c>help NAME</c>: usage, options, what it does.</summary>
    string Help { get; }

    /// <returns>The exit code: 0 for success.</returns>
    /// <exception cref="UsageException">The arguments are wrong.</exception>
    Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation);
}
