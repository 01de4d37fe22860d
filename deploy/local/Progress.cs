using System.Globalization;

namespace Forensics.Local;

/// <summary>Progress lines, each with the time since the task began: <c>[  12.3 s] docker: ready</c>.</summary>
internal sealed class Progress(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    /// <summary>Components come up side by side, so every line is written whole.</summary>
    public void Say(string message)
    {
        var line = $"{Stamp(time.GetElapsedTime(_start))} {message}";
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>Says now and then that something goes on which is silent for minutes.</summary>
    /// <param name="line">What to say of it, by how long it has taken so far.</param>
    public async Task AccompanyAsync(Task work, Func<string, string> line, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (await Task.WhenAny(work, Task.Delay(Heartbeat, time, cancellation)) != work && !cancellation.IsCancellationRequested)
            Say(line(Minutes(time.GetElapsedTime(start))));
        await work;
    }

    /// <summary>Minutes and seconds, of whatever is longer than an hour too: <c>75:04</c>.</summary>
    public static string Minutes(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes}:{elapsed.Seconds:00}");

    public static string Stamp(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"[{elapsed.TotalSeconds,6:0.0} s]");
}
