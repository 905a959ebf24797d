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

    /// <summary>Whether bigints and dates are marked as such, so that neither equals a string or a number.</summary>
    public bool MarksConverted { get; init; }

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
            TypeSchema.ShapeOneofCase.Array => CheckList(element, (_, _) => type.Array.Element),
            TypeSchema.ShapeOneofCase.Set => Distinct(CheckList(element, (_, _) => type.Set.Element), item => item),
            TypeSchema.ShapeOneofCase.Map => Distinct(CheckEntries(element, type.Map), entry => entry![0]),
            TypeSchema.ShapeOneofCase.Tuple => CheckTuple(element, type.Tuple),
            TypeSchema.ShapeOneofCase.Record => CheckRecord(element, type.Record.Value),
            TypeSchema.ShapeOneofCase.Union => type.Union.Options.Select(option => Check(element, option)).FirstOrDefault(option => option is not null),
            _ => null,
        };
        return type.Rule is null || result is null || Holds(element, type.Rule, result) ? result : null;
    }

    private Result? CheckPrimitive(JsonElement element, Primitive primitive) => (primitive, element.ValueKind) switch
    {
        (Primitive.Any, _) => Same(element),
        (Primitive.String, JsonValueKind.String) => Same(element),
        (Primitive.Number, JsonValueKind.Number) => Same(element),
        (Primitive.Boolean, JsonValueKind.True or JsonValueKind.False) => Same(element),
        (Primitive.Null, JsonValueKind.Null) => Same(element),
        (Primitive.Date, JsonValueKind.String) => CheckDate(element.GetString()!),
        (Primitive.Bigint, JsonValueKind.String) when Integer().IsMatch(element.GetString()!) => Canonical(element.GetString()!),
        (Primitive.Bigint, JsonValueKind.Number) when Integer().IsMatch(element.GetRawText()) => Canonical(element.GetRawText()),
        _ => null,
    };

    private Result Canonical(string digits) =>
        new(System.Numerics.BigInteger.Parse(digits, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) + (MarksConverted ? "n" : ""));

    private Result? CheckDate(string text)
    {
        var match = FullDate().Match(text);
        if (!match.Success || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date))
        {
            return null;
        }

        return MarksConverted ? new Result(date.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) : new Result(date.ToUnixTimeMilliseconds());
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
            var value = element.TryGetProperty(field.Name, out var sent) ? sent : field.HasDefaultJson ? JsonDocument.Parse(field.DefaultJson).RootElement : default;
            if (value.ValueKind == JsonValueKind.Undefined)
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

        var declared = shape.Fields.Select(field => field.Name).ToHashSet();
        return CheckMembers(element.EnumerateObject().Where(member => !declared.Contains(member.Name)), output, name => TypeOf(name, shape));
    }

    private uint? TypeOf(string name, ObjectShape shape)
    {
        var pattern = shape.Patterns.FirstOrDefault(pattern => Check(JsonSerializer.SerializeToElement(name), pattern.Key) is not null);
        return pattern?.Value ?? (shape.HasAdditional ? shape.Additional : null);
    }

    private Result? CheckRecord(JsonElement element, uint valueType) =>
        element.ValueKind == JsonValueKind.Object ? CheckMembers(element.EnumerateObject(), [], _ => valueType) : null;

    private Result? CheckMembers(IEnumerable<JsonProperty> members, JsonObject output, Func<string, uint?> typeOf)
    {
        foreach (var member in members)
        {
            if (typeOf(member.Name) is not { } type)
            {
                continue;
            }

            if (Check(member.Value, type) is not { } result)
            {
                return null;
            }

            output[member.Name] = result.Node;
        }

        return new Result(output);
    }

    private Result? CheckTuple(JsonElement element, TupleShape shape)
    {
        var required = shape.Elements.Count(part => !part.Optional) + shape.Trailing.Count;
        var most = shape.HasRest ? int.MaxValue : shape.Elements.Count + shape.Trailing.Count;
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < required || element.GetArrayLength() > most)
        {
            return null;
        }

        return CheckList(element, (index, length) =>
            index >= length - shape.Trailing.Count ? shape.Trailing[index - (length - shape.Trailing.Count)].Type
            : index < shape.Elements.Count ? shape.Elements[index].Type
            : shape.Rest);
    }

    private Result? CheckEntries(JsonElement element, MapShape shape)
    {
        var areEntries = element.ValueKind == JsonValueKind.Array
            && element.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2);
        if (!areEntries)
        {
            return null;
        }

        var output = new JsonArray();
        foreach (var entry in element.EnumerateArray())
        {
            if (CheckList(entry, (index, _) => index == 0 ? shape.Key : shape.Value) is not { } result)
            {
                return null;
            }

            output.Add(result.Node);
        }

        return new Result(output);
    }

    private static Result? Distinct(Result? list, Func<JsonNode?, JsonNode?> keyOf)
    {
        var keys = list?.Node?.AsArray().Select(keyOf).ToList() ?? [];
        var hasDuplicate = keys.Select((key, index) => keys.Skip(index + 1).Any(other => JsonNode.DeepEquals(key, other))).Contains(true);
        return hasDuplicate ? null : list;
    }

    private Result? CheckList(JsonElement element, Func<int, int, uint> typeAt)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var output = new JsonArray();
        foreach (var item in element.EnumerateArray())
        {
            if (Check(item, typeAt(output.Count, element.GetArrayLength())) is not { } result)
            {
                return null;
            }

            output.Add(result.Node);
        }

        return new Result(output);
    }

    private static bool Holds(JsonElement element, Rule rule, Result decoded) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.MinLength => Length(element) is not { } length || length >= rule.MinLength,
        Rule.RuleOneofCase.MaxLength => Length(element) is not { } length || length <= rule.MaxLength,
        Rule.RuleOneofCase.Min => element.ValueKind != JsonValueKind.Number || element.GetDouble() >= rule.Min,
        Rule.RuleOneofCase.Max => element.ValueKind != JsonValueKind.Number || element.GetDouble() <= rule.Max,
        Rule.RuleOneofCase.Integer => element.ValueKind != JsonValueKind.Number || element.GetDouble() % 1 == 0,
        Rule.RuleOneofCase.MultipleOf => element.ValueKind != JsonValueKind.Number || IsMultiple(element.GetDouble(), rule.MultipleOf),
        Rule.RuleOneofCase.UniqueItems => element.ValueKind != JsonValueKind.Array || Distinct(decoded, item => item) is not null,
        Rule.RuleOneofCase.Matches => element.ValueKind != JsonValueKind.String || Regex.IsMatch(element.GetString()!, rule.Matches, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
        Rule.RuleOneofCase.StartsWith => element.ValueKind != JsonValueKind.String || element.GetString()!.StartsWith(rule.StartsWith, StringComparison.Ordinal),
        Rule.RuleOneofCase.All => rule.All.Rules.All(inner => Holds(element, inner, decoded)),
        Rule.RuleOneofCase.Any => rule.Any.Rules.Any(inner => Holds(element, inner, decoded)),
        _ => throw new InvalidOperationException($"no reference for {rule.RuleCase}"),
    };

    private static int? Length(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.GetArrayLength(),
        JsonValueKind.String => element.GetString()!.Length,
        _ => null,
    };

    // Numbers of few digits divide as decimals do on paper.
    private static bool IsMultiple(double value, double divisor) =>
        decimal.TryParse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number % decimal.Parse(divisor.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture) == 0
            : value % divisor == 0;

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
