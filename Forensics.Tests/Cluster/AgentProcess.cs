using System.Diagnostics;
using System.Globalization;
using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>How the agent ended: what a shell that ran it would have.</summary>
internal sealed record AgentEnd(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    public string LastError => Error[^1];

    public string? Printed(string key) =>
        Output.FirstOrDefault(line => line.StartsWith(key + ": ", StringComparison.Ordinal))?[(key.Length + 2)..];

    public override string ToString() => $"exit code {ExitCode}\n{string.Join('\n', Output)}\n{string.Join('\n', Error)}";
}

/// <summary>The agent as people and Jobs run it: a process of its own.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly string[] ByRuntime = ["--method", nameof(ExportMethod.Runtime)];
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];

    private AgentProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The most memory that it has held until now, in bytes; 0 once it has ended.</summary>
    public long PeakMemory
    {
        get
        {
            const string key = "VmHWM:";
            try
            {
                var line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
                return line is null ? 0 : long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it with the cluster's S3 set up as the bucket's owner.</summary>
    /// <param name="environment">Goes before that; a null takes a variable away.</param>
    public static AgentProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // A test run in the background ignores SIGINT, as shells will have it, and all that it starts would do so too.
        var agent = TestedProgram.Run(TestedProgram.Agent, arguments);
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal", agent.Program, .. agent.Arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in S3Environment().Concat(environment ?? new Dictionary<string, string?>()))
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        return new AgentProcess(Process.Start(start)!);
    }

    /// <summary><c>capture</c> with the cluster's Docker daemon, whose own export is taken unless the options say otherwise.</summary>
    public static AgentProcess StartCapture(
        string container, string destination, IReadOnlyDictionary<string, string?>? environment = null, params string[] options) =>
        Start(
            ["capture", "--runtime-socket", RealCluster.Descriptor.DockerSocket, "--container", container, "--destination", destination, .. options.Contains("--method") ? [] : ByRuntime, .. options],
            environment);

    public static async Task<AgentEnd> CaptureAsync(
        string container, string destination, IReadOnlyDictionary<string, string?>? environment = null, params string[] options)
    {
        using var agent = StartCapture(container, destination, environment, options);
        return await agent.EndAsync();
    }

    public Task SignalAsync(string signal) => Signals.SendAsync(signal, _process.Id);

    public async Task<AgentEnd> EndAsync(TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(3));
        await _process.WaitForExitAsync(patience.Token);
        return new AgentEnd(_process.ExitCode, [.. _output], [.. _error]);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        lock (_error) TestContext.Out.WriteLine(string.Join('\n', _error));
        _process.Dispose();
    }

    private static Dictionary<string, string?> S3Environment() => new()
    {
        ["AWS_ENDPOINT_URL_S3"] = RealCluster.Descriptor.S3Endpoint.ToString(),
        ["AWS_REGION"] = RealCluster.Descriptor.S3Region,
        ["AWS_ACCESS_KEY_ID"] = RealCluster.Descriptor.S3Keys.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = RealCluster.Descriptor.S3Keys.SecretKey,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        ["FORENSICS_S3_FORCE_PATH_STYLE"] = "true",
        ["FORENSICS_S3_ACL"] = null,
    };

    private static void Keep(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }
}
