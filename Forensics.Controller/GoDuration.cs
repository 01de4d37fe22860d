using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Forensics.Controller;

/// <summary>Durations as all of Kubernetes' programs write them: <c>90s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>0</c>.</summary>
internal static partial class GoDuration
{
    /// <summary>False for what is not of that form, negative, or longer than a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0") return true;
        if (Form().Match(text) is not { Success: true } match) return false;

        var seconds = 0.0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            var number = double.Parse(match.Groups["number"].Captures[i].ValueSpan, CultureInfo.InvariantCulture);
            seconds += number * SecondsIn(match.Groups["unit"].Captures[i].Value);
        }

        if (seconds > TimeSpan.FromDays(36_500).TotalSeconds) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>In its shortest form: <c>6h</c>, not <c>6h0m0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        if (duration.Days * 24 + duration.Hours is > 0 and var hours) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (duration.Minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        var seconds = (duration - TimeSpan.FromMinutes(Math.Floor(duration.TotalMinutes))).TotalSeconds;
        if (seconds > 0 || text.Length == 0) text.Append(CultureInfo.InvariantCulture, $"{seconds}s");
        return text.ToString();
    }

    private static double SecondsIn(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" => 1e-6,
        _ => 1e-9,
    };

    [GeneratedRegex(@"\A((?<number>[0-9]+(\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
