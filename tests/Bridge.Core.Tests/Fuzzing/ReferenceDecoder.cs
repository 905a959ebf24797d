using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Bridge.Core.Schema;

namespace Bridge.Core.Tests.Fuzzing;

/// <summary>
/// What decoding a body means, written once more without a thought for speed: System.Text.Json reads, strictly, and the schema is followed
/// type by type.
/// </summary>
internal sealed partial class ReferenceDecoder(Application application)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    /// <summary>The normal form, or null where the body must be refused.</summary>
    public JsonNode? Decode(byte[] body, uint type)
    {
        if (!Utf8.IsValid(body) || body.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return IsSound(document.RootElement) ? Check(document.RootElement, type)?.Node : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // the latter for names with half a surrogate pair
        }
    }

    // What the parser leaves for later: numbers out of range and surrogates without a partner, in dropped values too.
    private static bool IsSound(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => double.IsFinite(double.Parse(element.GetRawText(), CultureInfo.InvariantCulture)),
        JsonValueKind.String => IsText(element),
        JsonValueKind.Array => element.EnumerateArray().All(IsSound),
        JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsSound(member.Value)),
        _ => true,
    };

    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private Result? Check(JsonElement element, uint id)
    {
        var type = application.Types_[(int)id];
        var result = type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Primitive => CheckPrimitive(element, type.Primitive),
            TypeSchema.ShapeOneofCase.Literal => CheckLiteral(element, type.Literal),
            TypeSchema.ShapeOneofCase.Object => CheckObject(element, type.Object),
            TypeSchema.ShapeOneofCase.Array => CheckArray(element, type.Array),
            TypeSchema.ShapeOneofCase.Record => CheckRecord(element, type.Record.Value),
            TypeSchema.ShapeOneofCase.Union => type.Union.Options.Select(option => Check(element, option)).FirstOrDefault(option => option is not null),
            _ => null,
        };
        return type.Rule is null || result is null || Holds(element, type.Rule) ? result : null;
    }

    private static Result? CheckPrimitive(JsonElement element, Primitive primitive) => (primitive, element.ValueKind) switch
    {
        (Primitive.Any, _) => Same(element),
        (Primitive.String, JsonValueKind.String) => Same(element),
        (Primitive.Number, JsonValueKind.Number) => Same(element),
        (Primitive.Boolean, JsonValueKind.True or JsonValueKind.False) => Same(element),
        (Primitive.Null, JsonValueKind.Null) => Same(element),
        (Primitive.Date, JsonValueKind.String) => CheckDate(element.GetString()!),
        (Primitive.Bigint, JsonValueKind.String) when Integer().IsMatch(element.GetString()!) => Same(element),
        (Primitive.Bigint, JsonValueKind.Number) when Integer().IsMatch(element.GetRawText()) => new Result(element.GetRawText()),
        _ => null,
    };

    private static Result? CheckDate(string text)
    {
        var match = FullDate().Match(text);
        return match.Success && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date)
            ? new Result(date.ToUnixTimeMilliseconds())
            : null;
    }

    private static Result? CheckLiteral(JsonElement element, Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => element.ValueKind == JsonValueKind.String && element.GetString() == literal.Text ? Same(element) : null,
        Literal.ValueOneofCase.Number => element.ValueKind == JsonValueKind.Number && element.GetDouble() == literal.Number ? Same(element) : null,
        _ => element.ValueKind == (literal.Boolean ? JsonValueKind.True : JsonValueKind.False) ? Same(element) : null,
    };

    private Result? CheckObject(JsonElement element, ObjectShape shape)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var output = new JsonObject();
        foreach (var field in shape.Fields)
        {
            if (!element.TryGetProperty(field.Name, out var value))
            {
                if (!field.Optional)
                {
                    return null;
                }

                continue;
            }

            if (Check(value, field.Type) is not { } result)
            {
                return null;
            }

            output[field.Name] = result.Node;
        }

        return new Result(output);
    }

    private Result? CheckRecord(JsonElement element, uint valueType)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var output = new JsonObject();
        foreach (var member in element.EnumerateObject())
        {
            if (Check(member.Value, valueType) is not { } result)
            {
                return null;
            }

            output[member.Name] = result.Node;
        }

        return new Result(output);
    }

    private Result? CheckArray(JsonElement element, ArrayShape shape)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var output = new JsonArray();
        foreach (var item in element.EnumerateArray())
        {
            if (Check(item, shape.Element) is not { } result)
            {
                return null;
            }

            output.Add(result.Node);
        }

        return new Result(output);
    }

    private static bool Holds(JsonElement element, Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.MinLength => Length(element) >= rule.MinLength,
        Rule.RuleOneofCase.MaxLength => Length(element) <= rule.MaxLength,
        Rule.RuleOneofCase.Min => element.GetDouble() >= rule.Min,
        Rule.RuleOneofCase.Max => element.GetDouble() <= rule.Max,
        Rule.RuleOneofCase.StartsWith => element.GetString()!.StartsWith(rule.StartsWith, StringComparison.Ordinal),
        Rule.RuleOneofCase.All => rule.All.Rules.All(inner => Holds(element, inner)),
        Rule.RuleOneofCase.Any => rule.Any.Rules.Any(inner => Holds(element, inner)),
        _ => throw new InvalidOperationException($"no reference for {rule.RuleCase}"),
    };

    private static int Length(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : element.GetString()!.Length;

    private static Result Same(JsonElement element) => new(JsonNode.Parse(element.GetRawText()));

    [GeneratedRegex("^-?[0-9]{1,4096}\\z", RegexOptions.None, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(
        "^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,7})?(?:[Zz]|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])\\z",
        RegexOptions.None, 1000)]
    private static partial Regex FullDate();

    /// <summary>A value that fits; null is a value too.</summary>
    private sealed record Result(JsonNode? Node);
}
