using System.Text;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;
using k8s;

namespace Forensics.Controller.Informers;

/// <summary>Reads one object. The reader stands on its opening brace, and must be left on its closing one. It takes whatever JSON
/// comes: an object that it cannot make sense of must not hide all others.</summary>
internal delegate T ResourceDecoder<out T>(ref WireReader reader, SharedStrings shared);

/// <summary>What an informer must know of a kind of object: where the API server has it and how to read it.</summary>
internal sealed record ResourceType<T>(
    string Group,
    string Version,
    string Plural,
    ResourceDecoder<T> Decode,
    Func<T, ResourceKey> KeyOf,
    Func<T, string> ResourceVersionOf)
{
    /// <summary>What an informer would have made of an object that the client library read: there is one reading of it, not two.</summary>
    public T Of<TModel>(TModel model)
        where TModel : IKubernetesObject => Of(KubernetesJson.Serialize(model));

    /// <inheritdoc cref="Of{TModel}(TModel)"/>
    public T Of(JsonElement read) => Of(read.GetRawText());

    private T Of(string json)
    {
        var reader = new WireReader(Encoding.UTF8.GetBytes(json));
        return Decode(ref reader, new SharedStrings());
    }

    /// <summary>The same for a cache that keeps only a part of each object. What is read live is whole.</summary>
    /// <param name="part">Leaves key, resourceVersion and index value as they are.</param>
    public ResourceType<T> Keeping(Func<T, T> part) =>
        this with { Decode = (ref reader, shared) => part(Decode(ref reader, shared)) };

    /// <summary>As kubectl names it: <c>podcheckpoints.forensics.keikoproj.io</c>, <c>pods</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
