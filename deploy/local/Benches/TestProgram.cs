namespace Forensics.Local;

/// <summary>Forensics.Tests run by itself: then it is the benchmarks that need our own code in their process.</summary>
internal sealed class TestProgram(string repository)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, Action<string> onLine, CancellationToken cancellation)
    {
        var dotnet = DotnetRuntime.Find().Program;
        var project = Path.Combine(repository, "Forensics.Tests");
        await Command.RunAsync(
            new CommandLine(dotnet, "build", project, "--configuration", "Release", "--verbosity", "quiet", "--nologo"), cancellation);
        var program = Path.Combine(project, "bin/Release/net10.0/Forensics.Tests.dll");
        return await Command.StreamAsync(new CommandLine(dotnet, ["exec", program, .. arguments]), onLine, onLine, cancellation);
    }
}
