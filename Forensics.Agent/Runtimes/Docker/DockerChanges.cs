using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Reads GET /containers/ID/changes as it comes: one change in memory at a time.</summary>
internal static class DockerChanges
{
    public static async IAsyncEnumerable<FileChange> ReadAsync(
        Stream json, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = JsonSerializer
            .DeserializeAsyncEnumerable(json, DockerJson.Default.DockerChange, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(changes))
            if (changes.Current is { } change) yield return new FileChange(ToKind(change.Kind), change.Path);
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<DockerChange?> changes)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (JsonException e)
        {
            throw new RuntimeException(Reasons.StreamTruncated, $"The daemon's list of changes is broken off or malformed: {e.Message}", e) { IsCut = true };
        }
    }

    // github.com/docker/docker/pkg/archive: ChangeModify, ChangeAdd, ChangeDelete.
    private static ChangeKind ToKind(int kind) => kind switch
    {
        1 => ChangeKind.Added,
        2 => ChangeKind.Deleted,
        _ => ChangeKind.Changed,
    };
}

internal sealed record DockerChange
{
    [JsonConverter(typeof(AnyStringConverter))]
    public string Path { get; init; } = "";
    public int Kind { get; init; }
}

[JsonSerializable(typeof(DockerChange))]
internal sealed partial class DockerJson : JsonSerializerContext;

/// <summary>Takes strings that are no valid Unicode (half a surrogate pair) as the JSON text they are written in, rather than
/// losing the whole list for one name.</summary>
internal sealed class AnyStringConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException) when (reader.TokenType == JsonTokenType.String)
        {
            return Encoding.UTF8.GetString(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
