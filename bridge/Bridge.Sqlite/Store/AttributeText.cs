using System.Buffers;
using System.Collections.ObjectModel;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridge.Sqlite.Store;

/// <summary>Attributes as the file has them: a JSON object, so that people can read it. Thread: one at a time.</summary>
internal sealed class AttributeText : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _writer;

    /// <summary>Makes one with a buffer of its own.</summary>
    public AttributeText() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes attributes.</summary>
    /// <returns>UTF-8, until the next call.</returns>
    public ReadOnlySpan<byte> Write(IReadOnlyDictionary<string, string> attributes)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            _writer.WriteString(name, value);
        }

        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>Reads what <see cref="Write"/> wrote, or nothing.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                attributes[name] = reader.GetString()!;
            }
        }

        return attributes;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
