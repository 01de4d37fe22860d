using System.Text.Json.Serialization;

namespace Forensics.Local;

/// <summary>build.cs is compiled for trimming, where JSON works by generated code only.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectStoreKeys))]
[JsonSerializable(typeof(ClusterDescriptor))]
internal sealed partial class LocalJson : JsonSerializerContext;
