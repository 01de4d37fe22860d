namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>Stands for SIGKILL: nothing in the product knows it, so nothing may catch it.</summary>
internal sealed class ProcessDiedException : Exception;
