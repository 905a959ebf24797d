using System.Text;
using System.Text.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses;

/// <summary>Fields of an answer that travel in its head.</summary>
internal static class AnswerHead
{
    /// <summary>Whether the head can carry a field's value.</summary>
    public static bool CanCarry(AnswerField field, ReadOnlySpan<byte> value) => IsNull(value) || field.Kind switch
    {
        WireKind.HttpStatus => HeaderValue.TryReadStatus(value, out _),
        WireKind.Cookie => SetCookie.TryWrite(field.WireName, value) is not null,
        _ when value[0] == (byte)'[' => TryReadList(value) is not null,
        _ => HeaderValue.TryRead(value) is not null,
    };

    /// <summary>What the field is in the head, for messages.</summary>
    public static string Describe(AnswerField field) => field.Kind switch
    {
        WireKind.HttpStatus => "the HTTP status: it must be an integer from 200 to 599",
        WireKind.Cookie => $"the cookie {field.WireName}",
        _ => $"the header {field.WireName}: it may hold visible ASCII characters, spaces and tabs",
    };

    /// <summary>Writes a field whose value the head can carry.</summary>
    public static void Write(AnswerField field, ReadOnlySpan<byte> value, IResponseHead head)
    {
        if (IsNull(value))
        {
            return;
        }

        if (field.Kind == WireKind.HttpStatus)
        {
            HeaderValue.TryReadStatus(value, out var status);
            head.SetStatus(status);
        }
        else if (field.Kind == WireKind.Cookie)
        {
            AddHeader(head, "set-cookie", SetCookie.TryWrite(field.WireName, value));
        }
        else if (value[0] == (byte)'[')
        {
            foreach (var element in TryReadList(value) ?? [])
            {
                head.AddHeader(field.WireName, element);
            }
        }
        else
        {
            AddHeader(head, field.WireName, HeaderValue.TryRead(value));
        }
    }

    private static bool IsNull(ReadOnlySpan<byte> value) => value.SequenceEqual("null"u8);

    private static void AddHeader(IResponseHead head, string name, string? value)
    {
        if (value is not null)
        {
            head.AddHeader(name, value);
        }
    }

    /// <summary>The elements of an array as header lines; null where one can't be one.</summary>
    private static List<string>? TryReadList(ReadOnlySpan<byte> value)
    {
        try
        {
            var lines = new List<string>();
            var reader = new Utf8JsonReader(value);
            using var document = JsonDocument.ParseValue(ref reader);
            foreach (var element in document.RootElement.EnumerateArray().Where(element => element.ValueKind != JsonValueKind.Null))
            {
                if (HeaderValue.TryRead(Encoding.UTF8.GetBytes(element.GetRawText())) is not { } line)
                {
                    return null;
                }

                lines.Add(line);
            }

            return lines;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
