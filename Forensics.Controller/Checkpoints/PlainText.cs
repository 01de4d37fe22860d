using System.Globalization;
using System.Text;

namespace Forensics.Controller.Checkpoints;

/// <summary>Makes text that others wrote safe to show: kubectl prints what it gets, and an attacker writes annotations,
/// events and log lines. Controls, invisible formatting (such as bidi overrides) and the backslash itself are escaped, so
/// that the original can be told.</summary>
internal static class PlainText
{
    /// <param name="text">Anything.</param>
    /// <param name="maxLength">Characters kept; a cut is shown by an ellipsis.</param>
    public static string Of(string? text, int maxLength = 500)
    {
        var safe = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (safe.Length >= maxLength) return safe.Append('…').ToString();
            Append(safe, rune);
        }

        return safe.ToString();
    }

    private static void Append(StringBuilder safe, Rune rune)
    {
        if (rune.Value == '\\') safe.Append(@"\\");
        else if (IsShowable(rune)) safe.Append(rune);
        else if (rune.Value == '\n') safe.Append(@"\n");
        else if (rune.Value == '\t') safe.Append(@"\t");
        else if (rune.IsBmp) safe.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else safe.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }

    /// <summary>True for what a terminal only draws.</summary>
    public static bool IsShowable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
