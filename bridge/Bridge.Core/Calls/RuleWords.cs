using System.Globalization;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Rules;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>What reports say of a rule, in the words of the rules that requests are decoded by, as the members of a JavaScript object.</summary>
internal static class RuleWords
{
    /// <summary>The members for a rule that holds no others.</summary>
    public static string Of(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.Min => OfBound(new Bound { Number = rule.Min }, isUpper: false),
        Rule.RuleOneofCase.Max => OfBound(new Bound { Number = rule.Max }, isUpper: true),
        Rule.RuleOneofCase.Lower => OfBound(rule.Lower, isUpper: false),
        Rule.RuleOneofCase.Upper => OfBound(rule.Upper, isUpper: true),
        Rule.RuleOneofCase.MinLength => OfLength(rule.MinLength, isUpper: false),
        Rule.RuleOneofCase.MaxLength => OfLength(rule.MaxLength, isUpper: true),
        Rule.RuleOneofCase.UniqueItems => $"isUnique:true,{Members(UniqueItemsRule.Name, "duplicate element", "")}",
        Rule.RuleOneofCase.Integer => Members("integer", "value is not an integer", "an integer"),
        Rule.RuleOneofCase.MultipleOf => OfMultiple(rule.MultipleOf.ToString("R", CultureInfo.InvariantCulture)),
        Rule.RuleOneofCase.StartsWith => Members("startsWith", $"value does not start with \"{rule.StartsWith}\"", $"starts with \"{rule.StartsWith}\""),
        Rule.RuleOneofCase.EndsWith => Members("endsWith", $"value does not end with \"{rule.EndsWith}\"", $"ends with \"{rule.EndsWith}\""),
        Rule.RuleOneofCase.Matches => Members("matches", $"value does not match the regexp \"{rule.Matches}\"", $"matches {rule.Matches}"),
        _ => OfFormat(RuleCompiler.FormatOf(rule.Is)),
    };

    private static string OfBound(Bound bound, bool isUpper)
    {
        var text = bound.ValueCase == Bound.ValueOneofCase.Number ? bound.Number.ToString("R", CultureInfo.InvariantCulture) : bound.Text;
        var expected = BoundWords.Of(isUpper, bound.Exclusive, text);
        return $"{Members(BoundWords.Name(isUpper, bound.Exclusive), $"value must be {expected}", expected)},showsGot:true";
    }

    private static string OfLength(uint bound, bool isUpper)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"{(isUpper ? "at most" : "at least")} {bound}");
        var members = Members(isUpper ? "maxLength" : "minLength", $"length too {(isUpper ? "long" : "short")}", $"length {limit}");
        return $"{members},limit:{Script.Quote(limit)},lengthOf:x=>x.byteLength??x.length";
    }

    private static string OfMultiple(string divisor) => Members("multipleOf", $"value is not a multiple of {divisor}", $"a multiple of {divisor}");

    private static string OfFormat(FormatRule rule) => Members(rule.Name, $"value is not {rule.Noun}", rule.Noun);

    private static string Members(string name, string reason, string expected) =>
        $"name:{Script.Quote(name)},reason:{Script.Quote(reason)},expected:{Script.Quote(expected)}";
}
