namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The layers cannot be read as the one file system that they are; the runtime's own export may still work.</summary>
internal sealed class LayerException(string message, Exception? inner = null) : Exception(message, inner);
