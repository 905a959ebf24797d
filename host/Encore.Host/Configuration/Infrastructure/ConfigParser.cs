using System.Globalization;
using System.Text.Json;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>Reads JSON (RFC 8259, each name once in an object) into nodes that know their places.</summary>
internal static class ConfigParser
{
    private const int DeepestNesting = 64;

    /// <summary>Reads a file's content.</summary>
    /// <returns>Null where it isn't JSON; a problem says so then.</returns>
    public static ConfigNode? Parse(byte[] bytes, ConfigProblems problems)
    {
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(bytes.AsSpan(start), new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            reader.Read();
            var root = Value(ref reader, start, "", problems);
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            problems.Add(OffsetOf(bytes, error), "", $"this isn't JSON: {Reason(error)}");
            return null;
        }
    }

    private static ConfigNode Value(ref Utf8JsonReader reader, int start, string path, ConfigProblems problems)
    {
        var node = new ConfigNode(KindOf(reader.TokenType), (int)reader.TokenStartIndex + start, path);
        switch (node.Kind)
        {
            case ConfigKind.Object:
                ReadMembers(ref reader, start, node, problems);
                break;
            case ConfigKind.Array:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var place = string.Create(CultureInfo.InvariantCulture, $"{path}[{node.Elements.Count}]");
                    node.Elements.Add(Value(ref reader, start, place, problems));
                }

                break;
            case ConfigKind.Text:
                node.Text = reader.GetString() ?? "";
                break;
            default:
                node.Text = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }

        return node;
    }

    private static void ReadMembers(ref Utf8JsonReader reader, int start, ConfigNode node, ConfigProblems problems)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString() ?? "";
            var offset = (int)reader.TokenStartIndex + start;
            reader.Read();
            var value = Value(ref reader, start, node.PathOf(name), problems);
            if (node[name] is not null)
            {
                problems.Add(offset, value.Path, "this key stands here twice; remove one");
                continue;
            }

            node.Members.Add(new ConfigMember(name, offset, value));
        }
    }

    private static ConfigKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => ConfigKind.Object,
        JsonTokenType.StartArray => ConfigKind.Array,
        JsonTokenType.String => ConfigKind.Text,
        JsonTokenType.Number => ConfigKind.Number,
        JsonTokenType.Null => ConfigKind.Null,
        _ => ConfigKind.Flag,
    };

    private static int OffsetOf(byte[] bytes, JsonException error)
    {
        var offset = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            offset += bytes.AsSpan(offset).IndexOf((byte)'\n') + 1;
        }

        return offset + (int)(error.BytePositionInLine ?? 0);
    }

    // The message ends with a place in .NET's own terms.
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? error.Message : error.Message[..end]).TrimEnd('.');
    }
}
