namespace Forensics.Local;

/// <summary>The names of the images that are made on this machine.</summary>
internal static class LocalImages
{
    /// <summary>What keeps a pod's sandbox open.</summary>
    public const string Pause = "forensics-pause:local";

    /// <summary>A static busybox with a shell: the stuff that target pods are made of.</summary>
    public const string Busybox = "busybox:local";

    /// <summary>What native .NET programs need, without a shell: like Microsoft's chiseled runtime-deps.</summary>
    public const string Base = "forensics-base:local";

    public const string Controller = "kube-forensics-controller:local";

    public const string Agent = "kube-forensics-agent:local";
}
