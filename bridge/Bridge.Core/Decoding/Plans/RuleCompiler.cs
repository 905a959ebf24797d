using System.Text;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Patterns;
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
        Rule.RuleOneofCase.Lower => BoundOf(rule.Lower, isUpper: false),
        Rule.RuleOneofCase.Upper => BoundOf(rule.Upper, isUpper: true),
        Rule.RuleOneofCase.MinLength => new LengthBoundRule(rule.MinLength, isUpper: false),
        Rule.RuleOneofCase.MaxLength => new LengthBoundRule(rule.MaxLength, isUpper: true),
        Rule.RuleOneofCase.StartsWith => new AffixRule(rule.StartsWith, isSuffix: false),
        Rule.RuleOneofCase.EndsWith => new AffixRule(rule.EndsWith, isSuffix: true),
        Rule.RuleOneofCase.Matches => new PatternRule(rule.Matches),
        Rule.RuleOneofCase.Is => FormatOf(rule.Is),
        Rule.RuleOneofCase.Integer when rule.Integer => new IntegerRule(),
        Rule.RuleOneofCase.UniqueItems when rule.UniqueItems => new UniqueItemsRule(),
        Rule.RuleOneofCase.Integer or Rule.RuleOneofCase.UniqueItems => new AllRule([]),
        Rule.RuleOneofCase.MultipleOf when double.IsFinite(rule.MultipleOf) && rule.MultipleOf != 0 => new MultipleOfRule(rule.MultipleOf),
        Rule.RuleOneofCase.MultipleOf => throw new SchemaException("Nothing is a multiple of zero or of no finite number."),
        _ => throw new SchemaException($"A rule of an unknown kind: {rule.RuleCase}."),
    };

    private static ValueRule BoundOf(Bound bound, bool isUpper)
    {
        if (bound.ValueCase == Bound.ValueOneofCase.Number)
        {
            return new NumberBoundRule(bound.Number, isUpper, bound.Exclusive);
        }

        var text = Encoding.UTF8.GetBytes(bound.Text);
        if (Rfc3339.TryParse(text, out var milliseconds))
        {
            return new DateBoundRule(milliseconds, bound.Text, isUpper, bound.Exclusive);
        }

        return DecimalNode.IsDecimal(text)
            ? new NumberBoundRule(bound.Text, isUpper, bound.Exclusive)
            : throw new SchemaException($"A bound is neither a number nor a date: \"{bound.Text}\".");
    }

    /// <summary>The rule that a text follows a format.</summary>
    /// <exception cref="SchemaException">The format isn't known.</exception>
    public static FormatRule FormatOf(Format format) => format switch
    {
        Format.Email => new FormatRule("email", "an email", EmailSyntax.IsAddress),
        Format.Url => new FormatRule("url", "a url", UrlSyntax.IsAbsolute),
        Format.Uuid => new FormatRule("uuid", "a UUID", NameSyntax.IsUuid),
        Format.Ip => new FormatRule("ip", "an IP address", static text => IpSyntax.IsV4(text) || IpSyntax.IsV6(text)),
        Format.Ipv4 => new FormatRule("ipv4", "an IPv4 address", IpSyntax.IsV4),
        Format.Ipv6 => new FormatRule("ipv6", "an IPv6 address", IpSyntax.IsV6),
        Format.Date => new FormatRule("date", "a date (RFC 3339)", Rfc3339.IsDate),
        Format.Time => new FormatRule("time", "a time with a zone (RFC 3339)", Rfc3339.IsTime),
        Format.DateTime => new FormatRule("dateTime", "a date and time with a zone (RFC 3339)", TimeSyntax.IsDateTime),
        Format.Duration => new FormatRule("duration", "a duration (ISO 8601)", TimeSyntax.IsDuration),
        Format.Hostname => new FormatRule("hostname", "a host name", NameSyntax.IsHost),
        Format.Uri => new FormatRule("uri", "a URI", UriSyntax.IsUri),
        Format.Base64 => new FormatRule("base64", "base64", NameSyntax.IsBase64),
        Format.JsonPointer => new FormatRule("jsonPointer", "a JSON pointer", NameSyntax.IsJsonPointer),
        Format.Regex => new FormatRule("regex", "a regular expression", PatternSyntax.IsPattern),
        _ => throw new SchemaException($"A format of an unknown kind: {format}."),
    };
}
