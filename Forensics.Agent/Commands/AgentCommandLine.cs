using System.CommandLine;

namespace Forensics.Agent.Commands;

/// <summary>The program's commands and what its exit codes mean.</summary>
internal static class AgentCommandLine
{
    public const int Complete = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>The end of every command's help.</summary>
    public const string Common = """
        Exit code: 0 complete, all evidence is stored; 1 incomplete or failed, the last line on stderr says why and what to do;
        2 wrong usage or an invalid plan, nothing was done.

        S3 is set up by the environment, as for every AWS program: AWS_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL (a store
        that is not AWS's), and credentials by web identity (IRSA), EKS Pod Identity, an instance role, or AWS_ACCESS_KEY_ID
        and AWS_SECRET_ACCESS_KEY.
        """;

    public static async Task<int> InvokeAsync(string[] arguments, AgentHost host)
    {
        var root = new RootCommand(
            "Captures containers (inspect, logs, diff, export) and streams them to S3, or into a directory, with proof of integrity. "
            + "It only ever reads from the container runtime.\n\n" + Common)
        {
            RunCommand.Create(host),
            CaptureCommand.Create(host),
        };
        var parsed = root.Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are ours: the folder is closed before we go.
            ProcessTerminationTimeout = null,
        };
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(configuration);

        foreach (var error in parsed.Errors) await host.Error.WriteLineAsync($"forensics-agent: {error.Message}");
        var command = parsed.CommandResult.Command == root ? "" : $"{parsed.CommandResult.Command.Name} ";
        await host.Error.WriteLineAsync($"Try: forensics-agent {command}--help");
        return Usage;
    }
}
