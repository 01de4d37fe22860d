using System.Text.RegularExpressions;
using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Judges a spec by itself, before anything is read for it. The CRD says much of this too, but an older CRD may not.</summary>
internal static partial class SpecCheck
{
    /// <summary>Null if the spec may be followed.</summary>
    public static Trouble? Of(PodCheckpointSpec spec, CaptureOptions options)
    {
        if (!Destination.TryParse(spec.Destination, spec.Subpath, out var destination, out var error))
            return Invalid(error!);
        if (spec.Pod.Length > 253 || !SubdomainForm().IsMatch(spec.Pod))
            return Invalid($"The pod '{spec.Pod}' is not a name that a pod can have.");
        if (!string.IsNullOrEmpty(spec.Namespace) && (spec.Namespace.Length > 63 || !LabelForm().IsMatch(spec.Namespace)))
            return Invalid($"The namespace '{spec.Namespace}' is not a name that a namespace can have.");
        if (spec.ActiveDeadlineSeconds < PodCheckpointSpec.ShortestDeadlineSeconds)
            return Invalid($"activeDeadlineSeconds must be {PodCheckpointSpec.ShortestDeadlineSeconds} at the least, or the agent has no time to capture.");
        if (spec.TtlSecondsAfterFinished < 0) return Invalid("ttlSecondsAfterFinished must not be negative.");
        if (ExportSpec.Read(spec.Export, out error) is null)
            return Invalid(error!);
        if (!DestinationPolicy.Allows(options.AllowedDestinations, destination!))
        {
            return new Trouble(Reasons.DestinationNotAllowed, PlainText.Of(
                $"The destination {destination} is not among those that this installation allows ({string.Join(", ", options.AllowedDestinations)}). "
                + "Choose one of them, or ask whoever runs the controller to add it to --allowed-destinations."));
        }

        return null;
    }

    /// <summary>The target's namespace: an empty one means the PodCheckpoint's own.</summary>
    public static string TargetNamespace(PodCheckpoint checkpoint) =>
        string.IsNullOrEmpty(checkpoint.Spec.Namespace) ? checkpoint.Metadata.Namespace : checkpoint.Spec.Namespace;

    private static Trouble Invalid(string error) =>
        new(Reasons.InvalidSpec, PlainText.Of($"{error} Nothing was read. Delete this PodCheckpoint and apply a corrected one."));

    // \z, not $: in .NET a $ also matches before a newline at the end.
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubdomainForm();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelForm();
}
