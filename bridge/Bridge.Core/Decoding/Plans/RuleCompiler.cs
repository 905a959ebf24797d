using Bridge.Core.Decoding.Rules;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>Turns the schema's rules into rules that can be checked.</summary>
internal static class RuleCompiler
{
    /// <summary>Compiles a rule with those inside it.</summary>
    /// <exception cref="SchemaException">A rule says nothing, or its pattern isn't a regular expression.</exception>
    public static ValueRule Compile(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => new AllRule([.. rule.All.Rules.Select(Compile)]),
        Rule.RuleOneofCase.Any => new AnyRule([.. rule.Any.Rules.Select(Compile)]),
        Rule.RuleOneofCase.Min => new NumberBoundRule(rule.Min, isUpper: false),
        Rule.RuleOneofCase.Max => new NumberBoundRule(rule.Max, isUpper: true),
        Rule.RuleOneofCase.MinLength => new LengthBoundRule(rule.MinLength, isUpper: false),
        Rule.RuleOneofCase.MaxLength => new LengthBoundRule(rule.MaxLength, isUpper: true),
        Rule.RuleOneofCase.StartsWith => new AffixRule(rule.StartsWith, isSuffix: false),
        Rule.RuleOneofCase.EndsWith => new AffixRule(rule.EndsWith, isSuffix: true),
        Rule.RuleOneofCase.Matches => new PatternRule(rule.Matches),
        Rule.RuleOneofCase.Is when rule.Is == Format.Email => new EmailRule(),
        Rule.RuleOneofCase.Is when rule.Is == Format.Url => new UrlRule(),
        _ => throw new SchemaException($"A rule of an unknown kind: {rule.RuleCase}."),
    };
}
