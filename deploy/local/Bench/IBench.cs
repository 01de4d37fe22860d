namespace Forensics.Local;

/// <summary>One benchmark: <c>dotnet run build.cs bench NAME</c>.</summary>
internal interface IBench
{
    string Name { get; }

    /// <summary>One line for the list.</summary>
    string Summary { get; }

    /// <summary>Its options, a line each; may be empty.</summary>
    string Options { get; }

    /// <returns>The exit code.</returns>
    Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation);
}
