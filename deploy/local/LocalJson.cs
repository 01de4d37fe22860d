using System.Text.Json.Serialization;

namespace Forensics.Local;

/// <summary>Generated code: a task should not spend its start on reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectStoreKeys))]
[JsonSerializable(typeof(ClusterDescriptor))]
internal sealed partial class LocalJson : JsonSerializerContext;
