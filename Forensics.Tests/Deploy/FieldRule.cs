using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forensics.Tests.Deploy;

/// <summary>What the CRD allows in one text field of the spec, judged as the API server judges it.</summary>
internal sealed class FieldRule
{
    private readonly long _shortest;
    private readonly long _longest;
    private readonly Regex _form;

    private FieldRule(JsonObject schema)
    {
        Pattern = schema["pattern"]!.GetValue<string>();
        Pattern.Should().EndWith("$");
        _shortest = schema["minLength"]?.GetValue<long>() ?? 0;
        _longest = schema["maxLength"]?.GetValue<long>() ?? long.MaxValue;
        // In the API server's language (RE2) a $ is the end of the text and nothing else.
        _form = new Regex($@"{Pattern[..^1]}\z", RegexOptions.CultureInvariant);
    }

    public string Pattern { get; }

    public static FieldRule Of(string field) => new(Crd.SpecField(field));

    public bool Accepts(string text) => text.Length >= _shortest && text.Length <= _longest && _form.IsMatch(text);
}
