using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Reporting;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>A declared field of an object, with its name in the forms in which it is compared and written.</summary>
internal sealed class ObjectField
{
    private readonly string? _defaultJson;
    private byte[]? _default;
    private bool _isDefaultOpen;

    /// <summary>Creates the field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="node">The type of its value.</param>
    /// <param name="isRequired">Whether it must be there.</param>
    /// <param name="defaultJson">What it is where it is missing, as a request would say it; null where it stays missing.</param>
    public ObjectField(string name, ValueNode node, bool isRequired, string? defaultJson = null)
    {
        _defaultJson = defaultJson;
        Name = name;
        Node = node;
        IsRequired = isRequired;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        QuotedName = JsonSerializer.SerializeToUtf8Bytes(name, ScalarJson.Relaxed);
        Prefix = [(byte)',', .. QuotedName, (byte)':'];
    }

    /// <summary>The field's name, as JavaScript knows it.</summary>
    public string Name { get; }

    /// <summary>The type of its value.</summary>
    public ValueNode Node { get; }

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether it has a value where it is missing.</summary>
    public bool HasDefault => _defaultJson is not null;

    /// <summary>
    /// What a missing field becomes, in its normal form. Invariant: first asked for while the plan is compiled, once unions know how they cross.
    /// </summary>
    /// <exception cref="SchemaException">The value doesn't fit the field's type, or holds itself.</exception>
    public byte[] Default => _default ??= DecodeDefault(_defaultJson ?? throw new InvalidOperationException($"{Name} has no default."));

    /// <summary>The name's bytes.</summary>
    public byte[] Utf8Name { get; }

    /// <summary>The name as a JSON string.</summary>
    public byte[] QuotedName { get; }

    /// <summary>What precedes the value in the output: <c>,"name":</c>, the comma left out where it is first.</summary>
    public byte[] Prefix { get; }

    private byte[] DecodeDefault(string json)
    {
        if (_isDefaultOpen)
        {
            throw new SchemaException($"The default of field {Name} contains itself: {json}");
        }

        _isDefaultOpen = true;
        using var output = new PooledBuffer();
        var report = new FailureReport(isSensitive: false);
        var cursor = new DecodeCursor(Encoding.UTF8.GetBytes(json), output, report);
        cursor.SkipWhitespace();
        var isValid = Node.Decode(ref cursor) && cursor.AtEnd() && report.Count == 0;
        cursor.Finish();
        _isDefaultOpen = false;
        return isValid ? output.Written.ToArray() : throw new SchemaException($"The default of field {Name}, {json}, is none of its type: {report.ToFailure().Message}");
    }

    private static class ScalarJson
    {
        public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
