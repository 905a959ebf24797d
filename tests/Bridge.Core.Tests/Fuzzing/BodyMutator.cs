using System.Text;
using System.Text.Json.Nodes;

namespace Bridge.Core.Tests.Fuzzing;

/// <summary>Makes bodies that are almost right: bytes changed blindly, or a value changed and written in an unusual notation. Deterministic.</summary>
internal sealed class BodyMutator(int seed, string[] samples)
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "null", "true", "false", "0", "-", "1e999", "1E+2", ".5", "01",
        " ", "\t", "\n", "\0", "\u001f", "\u007f", "é", "😀", "\ufeff", "\"someKey\":", "\"kind\":", "\"__proto__\":", "{}", "[]", "\"\"", "/*", "//", "NaN",
    ];

    private static readonly byte[][] BrokenUtf8 = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "3.5", "1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "\"John\"", "\"2024-01-01T00:00:00Z\"",
        "\"2023-02-29T00:00:00Z\"", "\"42\"", "[]", "[1]", "[\"a\",null]", "{}", "{\"kind\":\"a\",\"x\":1}", "{\"kind\":\"b\",\"y\":[]}", "{\"k\":{\"k\":1}}",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next body.</summary>
    public byte[] Next()
    {
        var sample = samples[_random.Next(samples.Length)];
        return _random.Next(2) == 0 ? MutateBytes(Encoding.UTF8.GetBytes(sample)) : MutateTree(sample);
    }

    private byte[] MutateBytes(byte[] body)
    {
        var bytes = body.ToList();
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(7))
            {
                case 0 when bytes.Count > 0: bytes[at % bytes.Count] = (byte)_random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(_random.Next(1, 8), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[_random.Next(Tokens.Length)])); break;
                case 3: bytes.InsertRange(at, bytes.Skip(_random.Next(bytes.Count + 1)).Take(_random.Next(30)).ToList()); break;
                case 4 when _random.Next(4) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5 when bytes.Count > 0: bytes[at % bytes.Count] ^= (byte)(1 << _random.Next(8)); break;
                case 6 when _random.Next(4) == 0: bytes.InsertRange(at, BrokenUtf8[_random.Next(BrokenUtf8.Length)]); break;
                default: break;
            }
        }

        return [.. bytes];
    }

    private byte[] MutateTree(string sample)
    {
        var text = new StringBuilder();
        Write(text, JsonNode.Parse(sample));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Write(StringBuilder text, JsonNode? node)
    {
        Blank(text);
        if (_random.Next(25) == 0)
        {
            text.Append(Values[_random.Next(Values.Length)]);
        }
        else if (node is JsonObject members)
        {
            text.Append('{');
            WriteList(text, members.OrderBy(_ => _random.Next(4)).ToList(), member =>
            {
                WriteText(text, _random.Next(40) == 0 ? "other" : member.Key);
                Blank(text);
                text.Append(':');
                Write(text, member.Value);
            });
            text.Append('}');
        }
        else if (node is JsonArray items)
        {
            text.Append('[');
            WriteList(text, items.ToList(), item => Write(text, item));
            text.Append(']');
        }
        else if (node is JsonValue value && value.TryGetValue<string>(out var content))
        {
            WriteText(text, content);
        }
        else
        {
            text.Append(node?.ToJsonString() ?? "null");
        }

        Blank(text);
    }

    private void WriteList<T>(StringBuilder text, List<T> parts, Action<T> write)
    {
        var isFirst = true;
        foreach (var part in parts)
        {
            // Now and then a part is left out, or comes twice.
            for (var times = _random.Next(30) switch { 0 => 0, 1 => 2, _ => 1 }; times > 0; times--)
            {
                text.Append(isFirst ? "" : ",");
                isFirst = false;
                write(part);
            }
        }
    }

    private void WriteText(StringBuilder text, string content)
    {
        text.Append('"');
        foreach (var unit in content)
        {
            var mustEscape = unit is '"' or '\\' || unit < ' ';
            text.Append(mustEscape || _random.Next(20) == 0 ? $"\\u{(int)unit:x4}" : unit.ToString());
        }

        text.Append('"');
    }

    private void Blank(StringBuilder text)
    {
        if (_random.Next(6) == 0)
        {
            text.Append(" \t\r\n"[_random.Next(4)]);
        }
    }
}
