namespace Forensics.Controller.Checkpoints;

/// <summary>Why something does not go on: the reason for scripts, the message for a person (what is wrong, what to do).</summary>
internal sealed record Trouble(string Reason, string Message);
