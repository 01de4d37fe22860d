using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Forensics.Api;

/// <summary>The JSON of the contract, generated at build time: camelCase, nulls and empty lists as the types say.
/// <see cref="Compact"/> for the wire, <see cref="Readable"/> for what an examiner opens, <see cref="Whole{T}"/> to read what somebody else wrote.</summary>
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
    public static ApiJson Readable => Variants.Indented;

    /// <summary>What is read by this is as the type says: a field that is missing has its default, which the generated code does not give it,
    /// and a null where the type has none is an error. Nulls within lists are the caller's to look for.</summary>
    public static JsonTypeInfo<T> Whole<T>() => (JsonTypeInfo<T>)Variants.Whole.GetTypeInfo(typeof(T));

    private const string KeptWhole = "Native programs keep this assembly whole (TrimmerRootAssembly), and the generated code has every generic that is needed.";

    // A holder of its own: the order of static fields across the generated files is not defined.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = KeptWhole)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = KeptWhole)]
    private static class Variants
    {
        public static readonly ApiJson Indented = new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, WriteIndented = true });

        public static readonly JsonSerializerOptions Whole =
            new(Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), RespectNullableAnnotations = true };
    }
}
