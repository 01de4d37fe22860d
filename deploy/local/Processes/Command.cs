using System.Diagnostics;
using System.Text;

namespace Forensics.Local;

/// <summary>Runs programs to their end.</summary>
internal static class Command
{
    private const int TailLines = 25;

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="LocalClusterException">It could not be started or its exit code is not 0.</exception>
    public static async Task<string> RunAsync(CommandLine command, CancellationToken cancellation, string? input = null)
    {
        var result = await TryAsync(command, cancellation, input);
        return result.ExitCode == 0
            ? result.Output
            : throw new LocalClusterException(
                $"'{command}' failed with exit code {result.ExitCode}:\n{Tail(result.Error + result.Output)}");
    }

    /// <summary>Runs a program whose failure is an answer.</summary>
    public static async Task<CommandResult> TryAsync(CommandLine command, CancellationToken cancellation, string? input = null)
    {
        var output = new StringBuilder();
        var error = new StringBuilder();
        var exitCode = await StreamAsync(
            command, line => output.AppendLine(line), line => error.AppendLine(line), cancellation, input);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a program and hands over its lines as they come. Cancelling kills it with its children.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> StreamAsync(
        CommandLine command, Action<string> onOutput, Action<string> onError, CancellationToken cancellation, string? input = null)
    {
        using var process = Start(command);
        var output = PumpAsync(process.StandardOutput, onOutput);
        var error = PumpAsync(process.StandardError, onError);
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await Task.WhenAll(output, error);
        return process.ExitCode;
    }

    /// <summary>The end of a text, where programs say why they gave up.</summary>
    public static string Tail(string text, int lines = TailLines) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines));

    private static Process Start(CommandLine command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        start.Environment["PATH"] = CommandLine.SystemPath;
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new LocalClusterException($"'{command.Program}' could not be started: {exception.Message}", exception);
        }
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
    }
}
