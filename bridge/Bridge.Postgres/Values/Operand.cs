using System.Text.Json;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Values;

/// <summary>What kinds of parameters there are, as far as their text depends on it.</summary>
internal enum OperandKind
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>A number or a boolean: its text is its JSON.</summary>
    Literal,

    /// <summary>Anything else whose text is the same for each type.</summary>
    Text,

    /// <summary>A number that JSON doesn't have.</summary>
    NonFinite,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>An array: its text depends on the type.</summary>
    List,

    /// <summary>Another object: its text depends on the type.</summary>
    Object,
}

/// <summary>A parameter, or a part of one, as it came from a script.</summary>
/// <remarks>
/// Scripts send null, booleans, numbers and strings as they are, and all else with a tag: <c>["n", digits]</c> a bigint, <c>["m", digits]</c> a
/// Decimal, <c>["d", milliseconds | "infinity" | "-infinity"]</c> a Date, <c>["f", "NaN"]</c>, <c>["b", offset, length]</c> a slice of the
/// operation's bytes, <c>["a", [operand, …]]</c> an array, <c>["j", json]</c> another object. What is inside the last is plain JSON.
/// </remarks>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its text, unless it has parts.</param>
/// <param name="Bytes">Of <see cref="OperandKind.Bytes"/>.</param>
/// <param name="Items">Of <see cref="OperandKind.List"/>.</param>
/// <param name="Json">Of <see cref="OperandKind.Object"/>, whose JSON text is <paramref name="Value"/>.</param>
internal readonly record struct Operand(
    OperandKind Kind, string Value = "", ReadOnlyMemory<byte> Bytes = default, IReadOnlyList<Operand>? Items = null, JsonElement Json = default)
{
    /// <summary>Whether its text depends on the parameter's type.</summary>
    internal bool NeedsType => Kind is OperandKind.List or OperandKind.Object;

    /// <summary>Reads what a script sent.</summary>
    /// <param name="value">With tags.</param>
    /// <param name="bytes">Those that came with the operation.</param>
    /// <exception cref="Bridge.Core.Operations.OperationException">A string that PostgreSQL can't store.</exception>
    internal static Operand Read(JsonElement value, ReadOnlyMemory<byte> bytes) =>
        value.ValueKind == JsonValueKind.Array ? ReadTagged(value, bytes) : ReadPlain(value);

    /// <summary>Reads JSON without tags.</summary>
    internal static Operand ReadPlain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => new(OperandKind.Null),
        JsonValueKind.True => new(OperandKind.Literal, "true"),
        JsonValueKind.False => new(OperandKind.Literal, "false"),
        JsonValueKind.Number => new(OperandKind.Literal, value.GetRawText()),
        JsonValueKind.String => new(OperandKind.Text, Text(value)),
        JsonValueKind.Array => new(OperandKind.List, Items: [.. value.EnumerateArray().Select(ReadPlain)]),
        _ => new(OperandKind.Object, value.GetRawText(), Json: value),
    };

    private static Operand ReadTagged(JsonElement value, ReadOnlyMemory<byte> bytes)
    {
        var content = value[1];
        return value[0].GetString() switch
        {
            "n" or "m" => new(OperandKind.Text, Text(content)),
            "f" => new(OperandKind.NonFinite, Text(content)),
            "d" => new(OperandKind.Text, content.ValueKind == JsonValueKind.String ? Text(content) : DateText.Format(content.GetDouble())),
            "b" => new(OperandKind.Bytes, Bytes: bytes.Slice(content.GetInt32(), value[2].GetInt32())),
            "a" => new(OperandKind.List, Items: [.. content.EnumerateArray().Select(item => Read(item, bytes))]),
            "j" => ReadObject(Text(content)),
            var tag => throw SqlError.BadParameter($"a parameter has the unknown tag '{tag}'"),
        };
    }

    private static Operand ReadObject(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return new Operand(OperandKind.Object, json, Json: document.RootElement.Clone());
    }

    private static string Text(JsonElement value)
    {
        try
        {
            var text = value.GetString() ?? "";
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw SqlError.BadParameter("a string has a character of code 0, which PostgreSQL can't store")
                : text;
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half of a surrogate pair; UTF-8 has no form for it.
            throw SqlError.BadParameter("a string has half of a surrogate pair, which PostgreSQL can't store");
        }
    }
}
