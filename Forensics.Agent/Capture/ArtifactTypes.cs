namespace Forensics.Agent.Capture;

/// <summary>The manifest's words for kinds of artifacts.</summary>
internal static class ArtifactTypes
{
    public const string Capture = "capture";
    public const string Pod = "pod";
    public const string Describe = "describe";
    public const string Inspect = "inspect";
    public const string Logs = "logs";
    public const string Diff = "diff";
    public const string Export = "export";
    public const string History = "history";
    public const string Volume = "volume";
    public const string SharedMemory = "shm";
    public const string Changes = "changes";
    public const string Notes = "notes";
    public const string Inventory = "inventory";
    public const string Bodyfile = "bodyfile";
}
