using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>How file systems are exported, as a PodCheckpoint asks for it. Texts, since an object of a newer version may say what
/// this one does not know, and must still be readable.</summary>
public sealed record ExportSpec
{
    /// <summary>One of <see cref="ExportMethod"/>; empty means <see cref="ExportMethod.Auto"/>.</summary>
    public string? Method { get; init; }

    /// <summary>One of <see cref="CompressionKind"/>; empty means <see cref="CompressionKind.None"/>.</summary>
    public string? Compression { get; init; }

    /// <summary>Null, and what is wrong for a person, if the spec is not of its form. Absent is the same as empty.</summary>
    public static ExportOptions? Read(ExportSpec? spec, out string? error)
    {
        error = Complaint<ExportMethod>("method", spec?.Method) ?? Complaint<CompressionKind>("compression", spec?.Compression);
        return error is not null
            ? null
            : new ExportOptions { Method = Value<ExportMethod>(spec?.Method), Compression = Value<CompressionKind>(spec?.Compression) };
    }

    private static string? Complaint<T>(string field, string? word)
        where T : struct, Enum =>
        string.IsNullOrEmpty(word) || Enum.GetNames<T>().Contains(word)
            ? null
            : $"spec.export.{field} is '{word}'; it may be {string.Join(", ", Enum.GetNames<T>())}.";

    private static T Value<T>(string? word)
        where T : struct, Enum => string.IsNullOrEmpty(word) ? default : Enum.Parse<T>(word);
}

/// <summary>The same as a plan has it: checked, with nothing left open.</summary>
public sealed record ExportOptions
{
    public ExportMethod Method { get; init; }
    public CompressionKind Compression { get; init; }
}

/// <summary>How root file systems are read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExportMethod>))]
public enum ExportMethod
{
    /// <summary>The layers where they can be reached and are all there is, else the runtime's export.</summary>
    Auto,

    /// <summary>What the runtime sends: <c>docker export</c>.</summary>
    Runtime,

    /// <summary>The layers, as the node keeps them.</summary>
    Layers,
}

/// <summary>In which form archives of file systems are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CompressionKind>))]
public enum CompressionKind
{
    /// <summary>As they are: <c>.tar</c>.</summary>
    None,

    /// <summary>RFC 1952, in members of their own: <c>.tar.gz</c>.</summary>
    Gzip,

    /// <summary>RFC 8878, in frames of their own with checksums: <c>.tar.zst</c>.</summary>
    Zstd,
}
