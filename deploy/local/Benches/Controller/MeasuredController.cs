using System.Diagnostics;
using System.Globalization;

namespace Forensics.Local;

/// <summary>The real controller as a process, by its own /metrics and by what the kernel says of it.</summary>
internal sealed class MeasuredController : IDisposable
{
    private const string Address = $"{LoopbackNetwork.Address}:8080";

    private const string Requests = "rest_client_requests_total";

    // Of this machine's kernel; getconf CLK_TCK says the same.
    private const double TicksPerSecond = 100;

    private readonly HttpClient _client = new();
    private readonly Process _process;

    private MeasuredController(Process process) => _process = process;

    /// <summary>Starts it as in a pod: with the files of its ServiceAccount where a kubelet puts them, seen by this process only.</summary>
    /// <param name="account">Becomes its /run.</param>
    /// <param name="logFile">Gets what it logs.</param>
    public static MeasuredController Start(string program, string account, string logFile, params IEnumerable<string> flags)
    {
        string[] arguments =
        [
            "--mount", "/bin/sh", "-c", "mount --bind \"$0\" /run && exec \"$@\"", account,
            program, $"--metrics-addr={Address}", "--health-probe-addr=0", .. flags,
        ];
        var start = new ProcessStartInfo("/usr/bin/unshare", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["KUBERNETES_SERVICE_HOST"] = LoopbackNetwork.Address;
        start.Environment["KUBERNETES_SERVICE_PORT"] = $"{LoopbackNetwork.ApiServerPort}";
        var process = Process.Start(start)!;
        var log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        var gate = new Lock();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (gate) log.WriteLine(line.Data);
        }

        process.ErrorDataReceived += Keep;
        process.OutputDataReceived += Keep;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new MeasuredController(process);
    }

    /// <summary>True once a metric is above zero.</summary>
    public async Task<bool> ShowsAsync(string metric, CancellationToken cancellation)
    {
        if (_process.HasExited) throw new LocalClusterException($"The controller ended with exit code {_process.ExitCode}.");
        return Sum(await TryScrapeAsync(cancellation), metric) > 0;
    }

    /// <summary>Requests to the API server by method and code.</summary>
    public async Task<string> RequestsAsync(CancellationToken cancellation) => string.Join(", ",
        (await ScrapeAsync(cancellation)).Where(sample => IsOf(sample.Name, Requests)).Select(sample => $"{sample.Name[Requests.Length..]} {sample.Value}"));

    public async Task<ControllerUse> UseAsync(CancellationToken cancellation)
    {
        var samples = await ScrapeAsync(cancellation);
        return new ControllerUse(
            CpuSeconds(), StatusMib("VmRSS:"), StatusMib("VmHWM:"), Sum(samples, "dotnet_allocated_bytes_total"),
            Sum(samples, "controller_runtime_reconcile_total"), Sum(samples, Requests));
    }

    /// <summary>Every sample of /metrics: name with labels, and value.</summary>
    public async Task<IReadOnlyList<(string Name, double Value)>> ScrapeAsync(CancellationToken cancellation)
    {
        var text = await _client.GetStringAsync(new Uri($"http://{Address}/metrics"), cancellation);
        return [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.LastIndexOf(' ') is var cut
            ? (line[..cut], double.Parse(line[(cut + 1)..], CultureInfo.InvariantCulture)) : default)];
    }

    /// <summary>Ends it by SIGKILL.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _client.Dispose();
    }

    private async Task<IReadOnlyList<(string Name, double Value)>> TryScrapeAsync(CancellationToken cancellation)
    {
        try
        {
            return await ScrapeAsync(cancellation);
        }
        catch (HttpRequestException)
        {
            return []; // It does not listen yet.
        }
    }

    private static double Sum(IReadOnlyList<(string Name, double Value)> samples, string metric) =>
        samples.Where(sample => IsOf(sample.Name, metric)).Sum(sample => sample.Value);

    private static bool IsOf(string name, string metric) => name == metric || name.StartsWith(metric + "{", StringComparison.Ordinal);

    private double CpuSeconds()
    {
        // After the name in parentheses, which may have spaces: user and system ticks are the 12th and 13th field.
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private double StatusMib(string field) => File.ReadLines($"/proc/{_process.Id}/status").Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => double.Parse(line[field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024).Single();
}
