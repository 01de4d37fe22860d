namespace Forensics.Agent.Filesystems.Linux;

/// <summary>Error numbers that we tell apart; the same on every processor that .NET runs on.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;

    /// <summary>ENXIO: to SEEK_DATA, that no data follows.</summary>
    public const int NoSuchOffset = 6;
    public const int InputOutput = 5;
    public const int TooBig = 7;
    public const int BadDescriptor = 9;
    public const int TryAgain = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int NotADirectory = 20;
    public const int Invalid = 22;
    public const int OutOfRange = 34;
    public const int NameTooLong = 36;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int NotSupported = 95;
    public const int Stale = 116;

    /// <summary>For a person: the name that C has for it, with its number.</summary>
    public static string Describe(int errno) => $"{new System.ComponentModel.Win32Exception(errno).Message} (errno {errno})";
}
