using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bridge.Nats.Protocol;

/// <summary>
/// Reads and writes headers as they travel: a version line, which of a server's own messages has a status, then a line for each header, then an
/// empty one. Names and values are UTF-8. Source: NATS ADR-4.
/// </summary>
internal static class HeaderBlock
{
    private static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    /// <summary>The status in the version line; 0 for none.</summary>
    internal static int StatusOf(ReadOnlySpan<byte> block)
    {
        var text = StatusText(block);
        return Utf8Parser.TryParse(text, out int status, out _) ? status : 0;
    }

    /// <summary>What the version line says beside the status; "" for nothing.</summary>
    internal static string DescriptionOf(ReadOnlySpan<byte> block)
    {
        var text = StatusText(block);
        var space = text.IndexOf((byte)' ');
        return space < 0 ? "" : Encoding.UTF8.GetString(text[space..].Trim((byte)' '));
    }

    /// <summary>The headers, in their order. A line without a colon is left out.</summary>
    internal static List<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> block)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var rest = AfterLine(block);
        while (!rest.IsEmpty)
        {
            var line = Line(rest);
            rest = AfterLine(rest);
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                headers.Add(new(Encoding.UTF8.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8))));
            }
        }

        return headers;
    }

    /// <summary>Begins a block.</summary>
    internal static void Begin(IBufferWriter<byte> output)
    {
        output.Write(Version);
        output.Write("\r\n"u8);
    }

    /// <summary>Adds a header. Neither name nor value may hold a line's end; the value is read without blanks around it.</summary>
    internal static void Add(IBufferWriter<byte> output, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Encoding.UTF8.GetBytes(name, output);
        output.Write(": "u8);
        Encoding.UTF8.GetBytes(value, output);
        output.Write("\r\n"u8);
    }

    /// <summary>Ends a block.</summary>
    internal static void End(IBufferWriter<byte> output) => output.Write("\r\n"u8);

    private static ReadOnlySpan<byte> StatusText(ReadOnlySpan<byte> block)
    {
        var line = Line(block);
        return line.StartsWith(Version) ? line[Version.Length..].Trim((byte)' ') : default;
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
    }

    private static ReadOnlySpan<byte> AfterLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? default : text[(end + 1)..];
    }
}
