using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>The part of Kubernetes' ObjectMeta that we read. The contract has no Kubernetes client in it, since the agent,
/// which runs on the suspect node, must not carry one.</summary>
public sealed record ResourceMeta
{
    public string Name { get; init; } = "";

    [JsonPropertyName("namespace")]
    public string Namespace { get; init; } = "";

    public string Uid { get; init; } = "";
    public string? ResourceVersion { get; init; }
    public long? Generation { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }
}
