using System.Text;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>Lines of names and values, indented by sections, as kubectl describe shows them. All values are made safe to show.</summary>
internal sealed class IndentedText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public IndentedText Field(string name, string? value) => Line($"{Safe(name)}:", string.IsNullOrEmpty(value) ? "<none>" : Safe(value));

    public IndentedText Fields(string name, IEnumerable<KeyValuePair<string, string>>? values)
    {
        var all = (values ?? []).OrderBy(v => v.Key, StringComparer.Ordinal).ToList();
        return all.Count == 0 ? Field(name, null) : Section(name, text =>
        {
            foreach (var (key, value) in all) text.Field(key, value);
        });
    }

    public IndentedText Items(string name, IEnumerable<string> values)
    {
        var all = values.ToList();
        return all.Count == 0 ? Field(name, null) : Section(name, text =>
        {
            foreach (var value in all) text.Line(Safe(value));
        });
    }

    public IndentedText Section(string name, Action<IndentedText> body)
    {
        Line($"{Safe(name)}:");
        _depth++;
        body(this);
        _depth--;
        return this;
    }

    public override string ToString() => _text.ToString();

    private IndentedText Line(string text, string? value = null)
    {
        _text.Append(' ', _depth * 2);
        if (value is null) _text.Append(text);
        else _text.Append(text.PadRight(Math.Max(0, 20 - (_depth * 2)))).Append(' ').Append(value);
        _text.Append('\n');
        return this;
    }

    // Evidence is not shortened line by line: the plan's bound cuts the whole, and says so.
    private static string Safe(string text) => PlainText.Of(text, int.MaxValue);
}
