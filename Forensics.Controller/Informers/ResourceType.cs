using System.Text.Json;

namespace Forensics.Controller.Informers;

/// <summary>Reads one object. The reader stands on its opening brace, and must be left on its closing one.</summary>
internal delegate T ResourceDecoder<out T>(ref Utf8JsonReader reader);

/// <summary>What an informer must know of a kind of object: where the API server has it and how to read it.</summary>
internal sealed record ResourceType<T>(
    string Group,
    string Version,
    string Plural,
    ResourceDecoder<T> Decode,
    Func<T, ResourceKey> KeyOf,
    Func<T, string> ResourceVersionOf)
{
    /// <summary>As kubectl names it: <c>podcheckpoints.forensics.keikoproj.io</c>, <c>pods</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
