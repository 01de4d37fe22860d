namespace Forensics.Local;

internal sealed record CommandResult(int ExitCode, string Output, string Error);
