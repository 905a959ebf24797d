using System.Globalization;
using System.Text;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Rules;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>Writes rules as JavaScript: conditions for the check, and descriptions for the report.</summary>
/// <param name="constants">Where values go that a condition needs made beforehand.</param>
/// <param name="host">The rules that are asked of the host.</param>
internal sealed class RuleScript(ScriptConstants constants, HostRules host)
{
    private const double LargestInteger = 9007199254740991; // Number.MAX_SAFE_INTEGER: from there on a double's digits aren't all its own

    /// <summary>The condition under which a value keeps a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="subject">What the value is.</param>
    /// <param name="x">The expression that gives the value.</param>
    /// <returns>Null where every such value keeps it.</returns>
    /// <exception cref="SchemaException">The rule says nothing.</exception>
    public string? Holds(Rule rule, CallSubject subject, string x)
    {
        if (subject == CallSubject.Any)
        {
            return HoldsForAny(rule, x);
        }

        return rule.RuleCase switch
        {
            Rule.RuleOneofCase.All => Joined(rule.All, subject, x),
            Rule.RuleOneofCase.Any => Either(rule.Any, subject, x),
            Rule.RuleOneofCase.Min => Bounded(new Bound { Number = rule.Min }, isUpper: false, subject, x),
            Rule.RuleOneofCase.Max => Bounded(new Bound { Number = rule.Max }, isUpper: true, subject, x),
            Rule.RuleOneofCase.Lower => Bounded(rule.Lower, isUpper: false, subject, x),
            Rule.RuleOneofCase.Upper => Bounded(rule.Upper, isUpper: true, subject, x),
            Rule.RuleOneofCase.MinLength => LengthOf(subject, x) is { } length ? Invariant($"{length}>={rule.MinLength}") : null,
            Rule.RuleOneofCase.MaxLength => LengthOf(subject, x) is { } length ? Invariant($"{length}<={rule.MaxLength}") : null,
            Rule.RuleOneofCase.Integer when rule.Integer => IsInteger(subject, x),
            Rule.RuleOneofCase.MultipleOf => MultipleOf(rule.MultipleOf, subject, x),
            Rule.RuleOneofCase.UniqueItems when rule.UniqueItems => subject == CallSubject.List ? $"isDistinct({x},false)" : null,
            Rule.RuleOneofCase.Integer or Rule.RuleOneofCase.UniqueItems => null,
            _ => subject == CallSubject.Text ? OfText(rule, x) : null,
        };
    }

    /// <summary>The rule as an object that the report is written from.</summary>
    public string Describe(Rule rule, CallSubject subject)
    {
        var holds = $"holds:x=>{Holds(rule, subject, "x") ?? "true"}";
        return rule.RuleCase switch
        {
            Rule.RuleOneofCase.All => $"{{{holds},all:[{string.Join(',', rule.All.Rules.Select(one => Describe(one, subject)))}]}}",
            Rule.RuleOneofCase.Any => $"{{{holds},any:[{string.Join(',', rule.Any.Rules.Select(one => Describe(one, subject)))}]}}",
            _ => $"{{{holds},{RuleWords.Of(rule)}}}",
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string? HoldsForAny(Rule rule, string x)
    {
        (string Test, string? Holds)[] cases =
        [
            ($"typeof {x}===\"string\"", Holds(rule, CallSubject.Text, x)),
            ($"typeof {x}===\"number\"", Holds(rule, CallSubject.Number, x)),
            ($"Array.isArray({x})", Holds(rule, CallSubject.List, x)),
        ];
        var tests = cases.Where(one => one.Holds is not null).Select(one => $"{one.Test}?{one.Holds}:").ToList();
        return tests.Count == 0 ? null : $"({string.Concat(tests)}true)";
    }

    private string? Joined(RuleList list, CallSubject subject, string x)
    {
        var conditions = list.Rules.Select(rule => Holds(rule, subject, x)).Where(condition => condition is not null).ToList();
        return conditions.Count == 0 ? null : $"({string.Join("&&", conditions)})";
    }

    private string? Either(RuleList list, CallSubject subject, string x)
    {
        var conditions = list.Rules.Select(rule => Holds(rule, subject, x)).ToList();
        return conditions.Count == 0 || conditions.Contains(null) ? null : $"({string.Join("||", conditions)})";
    }

    private static string? LengthOf(CallSubject subject, string x) => subject switch
    {
        CallSubject.Text or CallSubject.List => $"{x}.length",
        CallSubject.Bytes => $"{x}.byteLength",
        _ => null,
    };

    private static string? IsInteger(CallSubject subject, string x) => subject switch
    {
        CallSubject.Number => $"Number.isInteger({x})",
        CallSubject.Decimal => $"isWhole({x}.value)",
        _ => null,
    };

    private static string? MultipleOf(double divisor, CallSubject subject, string x)
    {
        if (!double.IsFinite(divisor) || divisor == 0)
        {
            throw new SchemaException("Nothing is a multiple of zero or of no finite number.");
        }

        Span<byte> shortest = stackalloc byte[DecimalText.LongestDouble];
        var (digits, exponent) = DecimalText.Parse(DecimalText.Shortest(divisor, shortest)).ToInteger();
        var exact = (string text) => Invariant($"isMultiple({text},{digits}n,{exponent})");
        var magnitude = Math.Abs(divisor);
        return subject switch
        {
            CallSubject.Number when magnitude <= LargestInteger && double.IsInteger(magnitude) =>
                Invariant($"(Math.abs({x})<={LargestInteger:R}?{x}%{magnitude:R}===0:{exact($"String({x})")})"),
            CallSubject.Number or CallSubject.BigInt => exact($"String({x})"),
            CallSubject.Decimal => exact($"{x}.value"),
            _ => null,
        };
    }

    private static string? Bounded(Bound bound, bool isUpper, CallSubject subject, string x)
    {
        var comparison = (isUpper ? "<" : ">") + (bound.Exclusive ? "" : "=");
        var number = bound.ValueCase == Bound.ValueOneofCase.Number ? bound.Number : (double?)null;
        var text = number?.ToString("R", CultureInfo.InvariantCulture) ?? bound.Text;
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (number is null && Rfc3339.TryParse(utf8, out var milliseconds))
        {
            return subject == CallSubject.Date ? Invariant($"getTime.call({x}){comparison}{milliseconds}") : null;
        }

        if (number is null && !DecimalNode.IsDecimal(utf8))
        {
            throw new SchemaException($"A bound is neither a number nor a date: \"{text}\".");
        }

        // No integer lies between a double and its shortest text, so that bigints compare with either alike, while the text is exact.
        var digits = $"compare({(subject == CallSubject.Decimal ? $"{x}.value" : $"String({x})")},{Script.Quote(text)}){comparison}0";
        return subject switch
        {
            CallSubject.Number when number is { } value => $"{x}{comparison}{Script.Number(value)}",
            CallSubject.BigInt when number is { } value && Math.Abs(value) <= LargestInteger => $"{x}{comparison}{Script.Number(value)}",
            CallSubject.BigInt when IsBigInt(text) => $"{x}{comparison}{text}n",
            CallSubject.Number or CallSubject.BigInt or CallSubject.Decimal => digits,
            _ => null,
        };
    }

    private static bool IsBigInt(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') && (digits[0] != '0' || digits.Length == 1);
    }

    private string OfText(Rule rule, string x) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.StartsWith => $"{x}.startsWith({Script.Quote(rule.StartsWith)})",
        Rule.RuleOneofCase.EndsWith => $"{x}.endsWith({Script.Quote(rule.EndsWith)})",
        Rule.RuleOneofCase.Matches when QuickPattern.FlagsOf(rule.Matches) is { } flags =>
            $"{constants.NameOf($"new RegExp({Script.Quote(rule.Matches)},{Script.Quote(flags)})")}.test({x})",
        Rule.RuleOneofCase.Matches or Rule.RuleOneofCase.Is => Invariant($"check({host.NumberOf(rule)},{x})"),
        _ => throw new SchemaException($"A rule of an unknown kind: {rule.RuleCase}."),
    };
}
