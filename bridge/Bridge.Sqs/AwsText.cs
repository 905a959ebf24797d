using System.Text;

namespace Bridge.Sqs;

/// <summary>Which text SNS and SQS carry: the characters of XML 1.0.</summary>
internal static class AwsText
{
    /// <summary>Whether a text can be sent as it is.</summary>
    public static bool IsSendable(ReadOnlySpan<char> text) => !text.ContainsAny(Refused);

    /// <summary>A JSON text with the characters that aren't carried written as escapes: within JSON they stand in strings only.</summary>
    public static string OfJson(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json);
        return text.AsSpan().ContainsAny('\uFFFE', '\uFFFF')
            ? text.Replace("\uFFFE", @"\ufffe", StringComparison.Ordinal).Replace("\uFFFF", @"\uffff", StringComparison.Ordinal)
            : text;
    }

    private static readonly System.Buffers.SearchValues<char> Refused = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n', '\r']), '\uFFFE', '\uFFFF']);
}
