using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bridge.Postgres.PubSub;

/// <summary>Parts of messages as columns hold them.</summary>
internal static class MessageBytes
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Attributes as JSON; null for none. Bytes, since PostgreSQL's texts can't hold every character that a string here can.</summary>
    internal static byte[]? Write(IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.Count == 0)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, value) in attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>The attributes again.</summary>
    internal static IReadOnlyDictionary<string, string> Read(byte[]? json)
    {
        if (json is null)
        {
            return None;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            attributes[property.Name] = property.Value.GetString() ?? "";
        }

        return attributes;
    }

    /// <summary>Stands for a key of any length and characters; null for null. Two keys never meet: it is 128 bits of SHA-256.</summary>
    internal static Guid? Digest(string? key) =>
        key is null ? null : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16), bigEndian: true);

    /// <summary>A text as PostgreSQL can hold it.</summary>
    internal static string Text(string text) => text.Replace('\0', '\uFFFD');
}
