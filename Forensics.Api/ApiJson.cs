using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>The JSON of the contract, generated at build time: camelCase, nulls and empty lists as the types say.
/// <see cref="Compact"/> for the wire, <see cref="Readable"/> for what an examiner opens.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(PodCheckpoint))]
[JsonSerializable(typeof(PodCheckpointSpec))]
[JsonSerializable(typeof(PodCheckpointStatus))]
[JsonSerializable(typeof(CapturePlan))]
[JsonSerializable(typeof(CaptureOutcome))]
[JsonSerializable(typeof(CaptureProgress))]
[JsonSerializable(typeof(CaptureRequest))]
[JsonSerializable(typeof(Manifest))]
public sealed partial class ApiJson : JsonSerializerContext
{
    // The default encoder escapes all but Basic Latin, so that nothing an attacker named reaches a terminal raw.
    public static ApiJson Compact => Default;
    public static ApiJson Readable => Indented.Context;

    // A holder of its own: the order of static fields across the generated files is not defined.
    private static class Indented
    {
        public static readonly ApiJson Context =
            new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, WriteIndented = true });
    }
}
