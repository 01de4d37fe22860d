using System.Text;
using System.Text.Json;

namespace Forensics.Api;

/// <summary>How the agent ended, in its own words: the termination message, from which the final status is made.</summary>
public sealed record CaptureOutcome
{
    /// <summary>The kubelet keeps no more of a termination message, in bytes.</summary>
    public const int MaxBytes = 4096;

    public int Version { get; init; } = 1;

    /// <summary>True only if every artifact is Captured or Skipped and the manifest is stored.</summary>
    public bool Complete { get; init; }
    public string Reason { get; init; } = "";
    public string Message { get; init; } = "";
    public string? Location { get; init; }
    public string? ManifestSha256 { get; init; }
    public long Bytes { get; init; }
    public int Objects { get; init; }
    public IReadOnlyList<ContainerStatus> Containers { get; init; } = [];

    /// <summary>True if containers were left out to fit <see cref="MaxBytes"/>; the manifest has them all.</summary>
    public bool Truncated { get; init; }

    /// <summary>UTF-8 JSON of at most <see cref="MaxBytes"/>: totals first, then the containers that went wrong, then the rest
    /// as far as they fit.</summary>
    public byte[] ToTerminationMessage()
    {
        var whole = Serialize(this);
        if (whole.Length <= MaxBytes) return whole;

        var byUrgency = Containers.OrderBy(c => c.State is CaptureState.Captured or CaptureState.Skipped).ToList();
        for (var kept = byUrgency.Count - 1; kept >= 0; kept--)
        {
            var cut = Serialize(this with { Containers = byUrgency.Take(kept).ToList(), Truncated = true });
            if (cut.Length <= MaxBytes) return cut;
        }

        return Serialize(this with { Containers = [], Truncated = true, Message = Message[..Math.Min(Message.Length, 500)] });
    }

    /// <summary>Null if the text is no outcome: an agent that crashed leaves whatever its last log lines were, and the node of a
    /// breached pod may say anything.</summary>
    public static CaptureOutcome? FromTerminationMessage(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || Encoding.UTF8.GetByteCount(text) > MaxBytes) return null;
        try
        {
            var outcome = JsonSerializer.Deserialize(text, ApiJson.Whole<CaptureOutcome>());
            return outcome is { Version: 1, Reason.Length: > 0, Bytes: >= 0, Objects: >= 0 } && outcome.Containers.All(CanBeTold) ? outcome : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What a status cannot hold would keep it from ever being written.
    private static bool CanBeTold(ContainerStatus? container) =>
        container is { Bytes: null or >= 0 } && Enum.IsDefined(container.State) && Enum.IsDefined(container.Kind);

    private static byte[] Serialize(CaptureOutcome outcome) =>
        JsonSerializer.SerializeToUtf8Bytes(outcome, ApiJson.Compact.CaptureOutcome);
}
