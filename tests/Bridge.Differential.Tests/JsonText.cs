using System.Globalization;
using System.Text.Encodings.Web;

namespace Bridge.Differential.Tests;

/// <summary>Writes JSON in more than one notation.</summary>
internal sealed class JsonText(Random random)
{
    private const string Alphabet = "abcxyzABZ019 _-.,:/@{}[]\"\\\n\té\u00dfΩ中\u2028";

    private static readonly string[] Fixed =
        ["null", "true", "false", "0", "1", "-1", "2.5", "100", "\"\"", "\"a\"", "\"x y\"", "\"true\"", "[]", "[1]", "[null]", "[\"a\",\"b\"]", "{}", "{\"a\":1}", "{\"kind\":\"a\"}", "[[]]"];

    /// <summary>Some JSON value.</summary>
    public string Any(int depth = 2) => random.Next(5) switch
    {
        0 when depth > 0 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1)))}]",
        1 when depth > 0 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(index => $"\"{"abckx"[index]}\":{Any(depth - 1)}"))}}}",
        2 => Quoted(Text(random.Next(6))),
        _ => Fixed[random.Next(Fixed.Length)],
    };

    /// <summary>Some text of a length.</summary>
    public string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    /// <summary>A text as a JSON string.</summary>
    public string Quoted(string text)
    {
        JavaScriptEncoder encoder = random.Next(4) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return $"\"{encoder.Encode(text)}\"";
    }

    /// <summary>A number as JSON.</summary>
    /// <param name="value">The number.</param>
    /// <param name="mayVary">Whether <c>5.0</c> and <c>50e-1</c> will do for 5.</param>
    public string Number(double value, bool mayVary)
    {
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        var isShort = mayVary && !plain.Contains('E', StringComparison.Ordinal);
        return random.Next(6) switch
        {
            0 when isShort && !plain.Contains('.', StringComparison.Ordinal) => plain + ".0",
            1 when isShort => plain + "e0",
            2 when isShort && Math.Abs(value) < 1e6 => ((decimal)value * 10).ToString(CultureInfo.InvariantCulture) + "E-1",
            _ => plain,
        };
    }
}
