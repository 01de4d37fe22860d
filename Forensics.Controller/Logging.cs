using Microsoft.Extensions.Logging.Console;

namespace Forensics.Controller;

/// <summary>Log lines go to stderr, in UTC, for people or as JSON.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(LogFormat format, LogLevel level) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(level);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (format == LogFormat.Json)
        {
            builder.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            builder.Services.AddSingleton<ConsoleFormatter>(new LogLineFormatter(TimeProvider.System));
            builder.AddConsole(console => console.FormatterName = LogLineFormatter.FormatterName);
        }
    });
}
