using System.Text;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Places;

/// <summary>A field of the request that travels outside the body.</summary>
internal sealed class PlaceField
{
    private readonly ObjectField _field;
    private readonly UnionNode? _union;
    private readonly int _arrayOption;
    private readonly ValueNode _single;
    private readonly bool _isEnveloped;

    /// <summary>Creates the field.</summary>
    /// <param name="field">The field of the request type.</param>
    /// <param name="wireName">What it is called in its place.</param>
    public PlaceField(ObjectField field, string wireName)
    {
        _field = field;
        WireName = wireName;
        IsPlainName = !wireName.AsSpan().ContainsAny("%+&=");
        Utf8WireName = Encoding.UTF8.GetBytes(wireName);
        _isEnveloped = CookieValueIn(field.Node) is not null;
        _single = CookieValueIn(field.Node) ?? field.Node;
        _union = field.Node as UnionNode;
        _arrayOption = _union is null ? -1 : _union.Options.ToList().FindIndex(option => ArrayIn(option) is not null);
        ArrayType = _arrayOption >= 0 ? ArrayIn(_union!.Options[_arrayOption]) : ArrayIn(field.Node);
        IsArrayOnly = field.Node.Kinds == JsonKinds.Array;
    }

    /// <summary>The name in the place.</summary>
    public string WireName { get; }

    /// <summary>Whether the name stands for itself in a query, so that it can be compared undecoded.</summary>
    public bool IsPlainName { get; }

    /// <summary>The name's bytes.</summary>
    public byte[] Utf8WireName { get; }

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired => _field.IsRequired;

    /// <summary>Writes what a field that didn't come becomes; nothing where it has no default.</summary>
    public bool WriteDefault(ref DecodeCursor cursor)
    {
        if (_field.HasDefault)
        {
            WriteName(ref cursor);
            cursor.Write(_field.Default);
        }

        return true;
    }

    /// <summary>Does what there is to do where a header or cookie didn't come.</summary>
    public bool DecodeMissing(ref DecodeCursor cursor) => IsRequired ? cursor.MissingCarrier(WireName) : WriteDefault(ref cursor);

    /// <summary>The array type that repeated values make; null where only one value is taken.</summary>
    public ArrayNode? ArrayType { get; }

    /// <summary>Whether a single value makes an array too.</summary>
    public bool IsArrayOnly { get; }

    /// <summary>Writes the field's name, then decodes its single value.</summary>
    public bool DecodeSingle(ref DecodeCursor cursor, scoped ReadOnlySpan<char> text, TextCoding coding)
    {
        WriteName(ref cursor);
        cursor.Report?.Push(WireName);
        cursor.Write(_isEnveloped ? "{\"value\":"u8 : default);
        if (!DecodeText(ref cursor, _single, text, coding))
        {
            return false;
        }

        cursor.Write(_isEnveloped ? "}"u8 : default);
        cursor.Report?.Pop();
        return true;
    }

    /// <summary>Writes the field's name and an array's opening.</summary>
    public void OpenArray(ref DecodeCursor cursor)
    {
        WriteName(ref cursor);
        cursor.Report?.Push(WireName);
        if (_arrayOption >= 0)
        {
            _union!.OpenTag(ref cursor, _arrayOption); // Justification: the option's index is the union's.
        }

        cursor.ListStart = cursor.OutputLength;
        cursor.Write((byte)'[');
    }

    /// <summary>Decodes an element of the array.</summary>
    public bool DecodeElement(ref DecodeCursor cursor, int index, scoped ReadOnlySpan<char> text, TextCoding coding)
    {
        if (index > 0)
        {
            cursor.Write((byte)',');
        }

        cursor.Report?.Push(index);
        if (!DecodeText(ref cursor, ArrayType!.Element, text, coding)) // Justification: only called where there is one.
        {
            return false;
        }

        cursor.Report?.Pop();
        return true;
    }

    /// <summary>Closes the array and checks the rules on it.</summary>
    public bool CloseArray(ref DecodeCursor cursor, int count)
    {
        cursor.Write((byte)']');
        var node = _arrayOption >= 0 ? _union!.Options[_arrayOption] : _field.Node;
        var isDistinct = ArrayType!.CheckDistinct(ref cursor, count, cursor.ListStart); // Justification: only called where there is one.
        if (!isDistinct || (node is RuledNode ruled && !ruled.CheckList(ref cursor, count, cursor.ListStart)))
        {
            return false;
        }

        if (_arrayOption >= 0)
        {
            _union!.CloseTag(ref cursor);
        }

        cursor.Report?.Pop();
        return true;
    }

    // A cookie's type is an object whose value travels and whose other fields are for answers alone.
    private static ValueNode? CookieValueIn(ValueNode node) =>
        (node as ObjectNode)?.Fields.FirstOrDefault(field => field.Name == "value")?.Node;

    private static ArrayNode? ArrayIn(ValueNode node) => node as ArrayNode ?? (node as RuledNode)?.Inner as ArrayNode;

    private static bool DecodeText(ref DecodeCursor cursor, ValueNode node, scoped ReadOnlySpan<char> text, TextCoding coding)
    {
        var utf8 = cursor.Scratch().PlaceText(text.Length * PlaceText.BytesPerCharacter);
        return PlaceText.TryDecode(text, coding, utf8, out var length)
            ? node.DecodeText(ref cursor, utf8[..length])
            : cursor.Reject("encoding", coding == TextCoding.Plain ? "not valid text" : "invalid percent-encoding");
    }

    private void WriteName(ref DecodeCursor cursor)
    {
        cursor.Write(_field.Prefix.AsSpan(cursor.HasMembers ? 0 : 1));
        cursor.HasMembers = true;
    }
}
