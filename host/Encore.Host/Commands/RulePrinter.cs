using System.Globalization;
using System.Text.Encodings.Web;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

/// <summary>Writes rules the way they are declared.</summary>
internal static class RulePrinter
{
    /// <summary>A rule, such as <c>MinLen&lt;2&gt;</c>; combined ones in brackets.</summary>
    public static string Print(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => Join(rule.All, " & "),
        Rule.RuleOneofCase.Any => Join(rule.Any, " | "),
        Rule.RuleOneofCase.Min => Call("Min", rule.Min),
        Rule.RuleOneofCase.Max => Call("Max", rule.Max),
        Rule.RuleOneofCase.Lower => Print(rule.Lower, "Min"),
        Rule.RuleOneofCase.Upper => Print(rule.Upper, "Max"),
        Rule.RuleOneofCase.MinLength => Call("MinLen", rule.MinLength),
        Rule.RuleOneofCase.MaxLength => Call("MaxLen", rule.MaxLength),
        Rule.RuleOneofCase.StartsWith => Call("StartsWith", Quote(rule.StartsWith)),
        Rule.RuleOneofCase.EndsWith => Call("EndsWith", Quote(rule.EndsWith)),
        Rule.RuleOneofCase.Matches => Call("MatchesRegexp", Quote(rule.Matches)),
        Rule.RuleOneofCase.Integer => "Integer",
        Rule.RuleOneofCase.MultipleOf => Call("MultipleOf", rule.MultipleOf),
        Rule.RuleOneofCase.UniqueItems => "UniqueItems",
        Rule.RuleOneofCase.Is => Print(rule.Is),
        _ => "?",
    };

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    private static string Join(RuleList list, string operation) => "(" + string.Join(operation, list.Rules.Select(Print)) + ")";

    // An exclusive bound has no type of its own, only a tag in a comment.
    private static string Print(Bound bound, string name) => Call(
        (bound.Exclusive ? "Exclusive" : "") + name,
        bound.ValueCase == Bound.ValueOneofCase.Text ? Quote(bound.Text) : bound.Number.ToString("R", CultureInfo.InvariantCulture));

    private static string Print(Format format) => format switch
    {
        Format.Email => "IsEmail",
        Format.Url => "IsURL",
        Format.Uuid => "IsUUID",
        Format.Ip => "IsIP",
        Format.Ipv4 => Call("IsIP", 4),
        Format.Ipv6 => Call("IsIP", 6),
        Format.DateTime => Call("Format", Quote("date-time")),
        Format.JsonPointer => Call("Format", Quote("json-pointer")),
        _ => Call("Format", Quote(format.ToString().ToLowerInvariant())),
    };

    private static string Call(string name, double value) => Call(name, value.ToString("R", CultureInfo.InvariantCulture));

    private static string Call(string name, string value) => $"{name}<{value}>";
}
