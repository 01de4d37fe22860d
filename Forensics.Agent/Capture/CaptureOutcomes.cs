using System.Globalization;
using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Puts the end of a capture into words that tell a person what to do.</summary>
internal static class CaptureOutcomes
{
    /// <summary>The plan cannot be used; nothing was touched.</summary>
    public static CaptureOutcome InvalidPlan(string problem) => new()
    {
        Reason = Reasons.InvalidPlan,
        Message = $"{problem} Nothing was read. Controller and agent may be of different versions: deploy both from one release.",
    };

    /// <summary>The store did not take the first object, so that no evidence was read.</summary>
    public static CaptureOutcome NothingRead(string reason, string message, string location) => new()
    {
        Reason = reason,
        Message = $"{message} Nothing was read of the pod.",
        Location = location,
    };

    public static CaptureOutcome Closed(CaptureFindings findings, StoredObject sums, StoredObject manifest)
    {
        var objects = findings.Objects + 2;
        var bytes = findings.Bytes + sums.Bytes + manifest.Bytes;
        return Of(findings) with
        {
            Complete = findings.IsWhole,
            Reason = findings.IsWhole ? Reasons.Captured : findings.Reason,
            Message = findings.IsWhole
                ? $"All evidence is stored: {objects} objects, {Size(bytes)}, in {findings.Location}."
                : $"{Problem(findings)} What was captured is stored in {findings.Location}; its manifest.json lists what is missing and why.",
            ManifestSha256 = manifest.Sha256,
            Bytes = bytes,
            Objects = objects,
        };
    }

    /// <summary>The folder has no manifest.</summary>
    public static CaptureOutcome NotClosed(CaptureFindings findings, string reason, string message) => Of(findings) with
    {
        // Whatever ended the capture before is the cause; that its folder could not be closed is the consequence.
        Reason = findings.Stop?.Reason ?? reason,
        Message = $"{findings.Stop?.Message ?? message} {findings.Location} has no manifest: "
            + $"{findings.Objects} objects are there, but nothing vouches for them. Capture again.",
        Bytes = findings.Bytes,
        Objects = findings.Objects,
    };

    /// <summary>Bytes for people, such as <c>1.2 GiB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }

    private static CaptureOutcome Of(CaptureFindings findings) => new()
    {
        Location = findings.Location,
        Containers = findings.Containers.Select(container => new ContainerStatus
        {
            Name = container.Name,
            Kind = container.Kind,
            Runtime = container.Runtime,
            Id = container.Id,
            State = container.State,
            Reason = container.Reason,
            Bytes = container.Bytes,
        }).ToList(),
    };

    private static string Problem(CaptureFindings findings) => findings.Reason switch
    {
        Reasons.ContainerGone =>
            "Containers were removed before they could be captured: a deleted pod's go at once, and those of one that starts again and again are replaced. "
            + "Keep the pod until its capture is Complete.",
        Reasons.RuntimeUnreachable => findings.Blind!.Message,
        Reasons.Incomplete =>
            $"{findings.Missing.Count} of {findings.Artifacts.Count} artifacts are not whole, the first: {Shorten(findings.Missing[0])}. "
            + "Capture again while the containers are there.",
        Reasons.DeadlineExceeded => $"{findings.Stop!.Message} Raise the capture deadline, or find out what was slow in the agent's log.",
        _ => findings.Stop!.Message,
    };

    private static string Shorten(string text) => text.Length <= 300 ? text.TrimEnd('.') : text[..300] + "…";
}
