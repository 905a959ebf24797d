using System.Globalization;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Bounds that JSON Schema can't state, for a schema's description: those on dates and on numbers that travel as text.</summary>
internal static class RuleNotes
{
    /// <summary>The bounds in words: <c>At least 5. Less than 10.</c></summary>
    /// <returns>Null where there are none.</returns>
    public static string? Of(Primitive primitive, Rule? rule)
    {
        var isWritten = primitive is not (Primitive.Date or Primitive.Bigint or Primitive.Decimal);
        var notes = rule is null || isWritten ? "" : string.Join(' ', InWords(rule, primitive == Primitive.Date));
        return notes.Length == 0 ? null : notes;
    }

    private static IEnumerable<string> InWords(Rule rule, bool isDate) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => rule.All.Rules.SelectMany(part => InWords(part, isDate)),
        Rule.RuleOneofCase.Min => [$"At least {Text(rule.Min)}."],
        Rule.RuleOneofCase.Max => [$"At most {Text(rule.Max)}."],
        Rule.RuleOneofCase.Lower => [$"{Word(rule.Lower, isDate ? ["Not before", "After"] : ["At least", "Greater than"])} {Text(rule.Lower)}."],
        Rule.RuleOneofCase.Upper => [$"{Word(rule.Upper, isDate ? ["Not after", "Before"] : ["At most", "Less than"])} {Text(rule.Upper)}."],
        Rule.RuleOneofCase.MultipleOf => [$"A multiple of {Text(rule.MultipleOf)}."],
        _ => [],
    };

    private static string Word(Bound bound, ReadOnlySpan<string> words) => words[bound.Exclusive ? 1 : 0];

    private static string Text(Bound bound) => bound.ValueCase == Bound.ValueOneofCase.Text ? bound.Text : Text(bound.Number);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
