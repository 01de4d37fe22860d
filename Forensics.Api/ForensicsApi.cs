namespace Forensics.Api;

/// <summary>How the API server knows the resource. Always write the full name in RBAC, docs and scripts:
/// Kubernetes has a built-in PodCheckpoint of its own in another group (KEP-5823).</summary>
public static class ForensicsApi
{
    public const string Group = "forensics.keikoproj.io";
    public const string Version = "v1alpha1";
    public const string GroupVersion = Group + "/" + Version;
    public const string Kind = "PodCheckpoint";
    public const string Plural = "podcheckpoints";
}
