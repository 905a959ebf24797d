using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>A &amp; B</c>: every rule holds; each broken one is a violation.</summary>
internal sealed class AllRule(ValueRule[] rules) : ValueRule
{
    public override RuleNeeds Needs { get; } = rules.Aggregate(RuleNeeds.None, (needs, rule) => needs | rule.Needs);

    public override bool Holds(scoped in RuleSubject subject)
    {
        foreach (var rule in rules)
        {
            if (!rule.Holds(subject))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        foreach (var rule in rules)
        {
            if (!rule.Holds(subject) && !rule.Reject(ref cursor, subject))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>A | B</c>: at least one rule holds; else the first speaks for all.</summary>
internal sealed class AnyRule(ValueRule[] rules) : ValueRule
{
    public override RuleNeeds Needs { get; } = rules.Aggregate(RuleNeeds.None, (needs, rule) => needs | rule.Needs);

    public override bool Holds(scoped in RuleSubject subject)
    {
        foreach (var rule in rules)
        {
            if (rule.Holds(subject))
            {
                return true;
            }
        }

        return rules.Length == 0;
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) => rules[0].Reject(ref cursor, subject);
}
