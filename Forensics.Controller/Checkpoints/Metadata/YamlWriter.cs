using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>Writes JSON as YAML, as kubectl shows objects: block style, keys sorted, no field lost. Text that could be mistaken
/// for something else, or that a terminal would act upon, goes into double quotes, escaped.</summary>
internal static partial class YamlWriter
{
    public static string Write(JsonElement root)
    {
        var yaml = new StringBuilder();
        if (IsBlock(root)) Block(yaml, root, 0);
        else yaml.Append(Scalar(root)).Append('\n');
        return yaml.ToString();
    }

    private static void Block(StringBuilder yaml, JsonElement node, int indent)
    {
        if (node.ValueKind == JsonValueKind.Object) Mapping(yaml, node, indent, indent);
        else Sequence(yaml, node, indent);
    }

    // The first key of a mapping inside a sequence stands on the dash's line, so its own indent may differ.
    private static void Mapping(StringBuilder yaml, JsonElement node, int firstIndent, int indent)
    {
        var pad = firstIndent;
        foreach (var property in node.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            yaml.Append(' ', pad).Append(Text(property.Name)).Append(':');
            Value(yaml, property.Value, property.Value.ValueKind == JsonValueKind.Array ? indent : indent + 2);
            pad = indent;
        }
    }

    private static void Sequence(StringBuilder yaml, JsonElement node, int indent)
    {
        foreach (var item in node.EnumerateArray())
        {
            yaml.Append(' ', indent).Append('-');
            if (IsBlock(item) && item.ValueKind == JsonValueKind.Object)
            {
                yaml.Append(' ');
                Mapping(yaml, item, 0, indent + 2);
            }
            else
            {
                Value(yaml, item, indent + 2);
            }
        }
    }

    private static void Value(StringBuilder yaml, JsonElement value, int indent)
    {
        if (IsBlock(value))
        {
            yaml.Append('\n');
            Block(yaml, value, indent);
        }
        else
        {
            yaml.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    private static bool IsBlock(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().Any(),
        JsonValueKind.Array => node.GetArrayLength() > 0,
        _ => false,
    };

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };

    private static string Text(string text) => NeedsNoQuotes(text) ? text : Quoted(text);

    private static bool NeedsNoQuotes(string text) => PlainForm().IsMatch(text) && !MeansSomethingElse().IsMatch(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append(rune);
            else if (rune.Value == '\n') quoted.Append("\\n");
            else if (PlainText.IsShowable(rune)) quoted.Append(rune);
            else if (rune.IsBmp) quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }

        return quoted.Append('"').ToString();
    }

    // Narrower than YAML allows, so that no reader of any version sees more in it than text.
    [GeneratedRegex(@"^[A-Za-z/_][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainForm();

    [GeneratedRegex(@"^(y|yes|n|no|on|off|true|false|null)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MeansSomethingElse();
}
