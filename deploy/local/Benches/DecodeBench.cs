namespace Forensics.Local;

/// <summary>Compares our reading of a watch with the client library's.</summary>
internal sealed class DecodeBench(TextWriter output) : ITask
{
    public string Name => "decode";

    public string Summary => "reading a watch, against KubernetesClient's";

    public string Help => """
        decode [--json FILE]
          Reads a watch of 1,000 events of an agent's pod (9,600 bytes each) with the controller's own readers and with
          KubernetesClient's watch, by BenchmarkDotNet, in fifteen rounds. Takes two minutes; needs neither root nor a cluster. Exit code 1
          unless ours takes at most an eighth of the time and allocates at most 1,024 bytes an event.
            --json FILE  appends the figures to FILE, a line
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        string[] json = arguments.TakeValue("--json") is { } file ? ["--json", Path.GetFullPath(file)] : [];
        arguments.RejectTheRest();
        progress.Say("Benchmark: building it");
        return await new TestProgram(RepositoryRoot.Find()).RunAsync(["decode", .. json], output.WriteLine, cancellation);
    }
}
