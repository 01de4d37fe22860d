using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Forensics.Agent.Commands;

internal static class AgentLogging
{
    /// <summary>One line a message, all of it on stderr: stdout is for what programs read. Disposing it waits until all is out.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(logging =>
    {
        // AddConsole would bind a configuration, which there is not, by reflection, which native code has not.
        logging.Services.AddSingleton<ILoggerProvider, ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ConsoleFormatter, LogLineFormatter>();
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            (console.FormatterName, console.LogToStandardErrorThreshold) = (LogLineFormatter.FormatterName, LogLevel.Trace));
    });
}
