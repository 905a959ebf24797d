using System.Text.Json.Nodes;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Rules as JSON Schema's keywords.</summary>
/// <remarks>A rule holds for every value of a kind that it doesn't speak of, so what it asks depends on the kind.</remarks>
internal static class RuleKeywords
{
    /// <summary>Base64 (RFC 4648 section 4) with its padding.</summary>
    private const string PaddedBase64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";

    /// <summary>What a rule asks of values of a kind.</summary>
    /// <returns>Null where it asks nothing, or nothing that JSON Schema can say.</returns>
    public static JsonObject? For(Rule? rule, JsonKinds kind) => rule?.RuleCase switch
    {
        Rule.RuleOneofCase.All => All(rule.All, kind),
        Rule.RuleOneofCase.Any => Any(rule.Any, kind),
        Rule.RuleOneofCase.MinLength => Length(kind, "minLength", "minItems", rule.MinLength),
        Rule.RuleOneofCase.MaxLength => Length(kind, "maxLength", "maxItems", rule.MaxLength),
        Rule.RuleOneofCase.UniqueItems when kind == JsonKinds.Array && rule.UniqueItems => new JsonObject { ["uniqueItems"] = true },
        _ when rule is not null && kind == JsonKinds.Number => OfNumber(rule),
        _ when rule is not null && kind == JsonKinds.Text => OfText(rule),
        _ => null,
    };

    /// <summary>Adds what a rule asks to the schema of a kind of value.</summary>
    public static JsonObject With(JsonObject schema, Rule? rule, JsonKinds kind)
    {
        if (For(rule, kind) is { } keywords)
        {
            SchemaNodes.Add(schema, keywords);
        }

        return schema;
    }

    /// <summary>Two rules that must both hold.</summary>
    public static Rule? Both(Rule? one, Rule? other) =>
        one is null ? other : other is null ? one : new Rule { All = new RuleList { Rules = { one, other } } };

    private static JsonObject? All(RuleList list, JsonKinds kind)
    {
        JsonObject? all = null;
        foreach (var keywords in list.Rules.Select(rule => For(rule, kind)).OfType<JsonObject>())
        {
            if (all is null)
            {
                all = keywords;
            }
            else
            {
                SchemaNodes.Add(all, keywords);
            }
        }

        return all;
    }

    private static JsonObject? Any(RuleList list, JsonKinds kind)
    {
        var options = list.Rules.Select(rule => For(rule, kind)).ToList();
        return options.Count == 0 || options.Contains(null) ? null : SchemaNodes.AnyOf(options.OfType<JsonObject>());
    }

    private static JsonObject? Length(JsonKinds kind, string ofText, string ofArray, uint length) => kind switch
    {
        JsonKinds.Text => new JsonObject { [ofText] = (long)length },
        JsonKinds.Array => new JsonObject { [ofArray] = (long)length },
        _ => null,
    };

    private static JsonObject? OfNumber(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.Min => new JsonObject { ["minimum"] = rule.Min },
        Rule.RuleOneofCase.Max => new JsonObject { ["maximum"] = rule.Max },
        Rule.RuleOneofCase.Lower => Bound(rule.Lower, "minimum", "exclusiveMinimum"),
        Rule.RuleOneofCase.Upper => Bound(rule.Upper, "maximum", "exclusiveMaximum"),
        Rule.RuleOneofCase.Integer when rule.Integer => SchemaNodes.Typed("integer"),
        Rule.RuleOneofCase.MultipleOf => new JsonObject { ["multipleOf"] = rule.MultipleOf },
        _ => null,
    };

    private static JsonObject? Bound(Bound bound, string inclusive, string exclusive)
    {
        var limit = bound.ValueCase == Schema.Bound.ValueOneofCase.Number ? bound.Number : SchemaNodes.Number(bound.Text);
        return limit is null ? null : new JsonObject { [bound.Exclusive ? exclusive : inclusive] = limit };
    }

    private static JsonObject? OfText(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.StartsWith => Pattern("^" + UnicodePattern.Literal(rule.StartsWith)),
        Rule.RuleOneofCase.EndsWith => Pattern(UnicodePattern.Literal(rule.EndsWith) + "$"),
        Rule.RuleOneofCase.Matches => Pattern(UnicodePattern.From(rule.Matches)),
        Rule.RuleOneofCase.Is => OfFormat(rule.Is),
        _ => null,
    };

    private static JsonObject? OfFormat(Format format) => format switch
    {
        Format.Ip => new JsonObject { ["anyOf"] = SchemaNodes.List([Named("ipv4"), Named("ipv6")]) },
        Format.Base64 => new JsonObject { ["contentEncoding"] = "base64", ["pattern"] = PaddedBase64 },
        _ => FormatName(format) is { } name ? Named(name) : null,
    };

    // JSON Schema 2020-12, "Validation", section 7.3.
    private static string? FormatName(Format format) => format switch
    {
        Format.Email => "email",
        Format.Url or Format.Uri => "uri",
        Format.Uuid => "uuid",
        Format.Ipv4 => "ipv4",
        Format.Ipv6 => "ipv6",
        Format.Date => "date",
        Format.Time => "time",
        Format.DateTime => "date-time",
        Format.Duration => "duration",
        Format.Hostname => "hostname",
        Format.JsonPointer => "json-pointer",
        Format.Regex => "regex",
        _ => null,
    };

    private static JsonObject Named(string format) => new() { ["format"] = format };

    private static JsonObject Pattern(string pattern) => new() { ["pattern"] = pattern };
}
