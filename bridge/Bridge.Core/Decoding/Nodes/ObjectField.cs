using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>A declared field of an object, with its name in the forms in which it is compared and written.</summary>
internal sealed class ObjectField
{
    /// <summary>Creates the field.</summary>
    public ObjectField(string name, ValueNode node, bool isRequired)
    {
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

    /// <summary>The name's bytes.</summary>
    public byte[] Utf8Name { get; }

    /// <summary>The name as a JSON string.</summary>
    public byte[] QuotedName { get; }

    /// <summary>What precedes the value in the output: <c>,"name":</c>, the comma left out where it is first.</summary>
    public byte[] Prefix { get; }

    private static class ScalarJson
    {
        public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
