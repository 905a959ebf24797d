using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Places;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>any</c> and <c>unknown</c>: JSON that is checked and passed through.</summary>
internal sealed class AnyNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.All;

    public override string Expected => "any valid JSON value";

    public override bool Decode(ref DecodeCursor cursor)
    {
        var start = cursor.Position;
        if (!cursor.SkipValue())
        {
            return false;
        }

        cursor.CopyFrom(start);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        cursor.WriteString(text);
        return true;
    }
}

/// <summary><c>null</c>.</summary>
internal sealed class NullNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Null;

    public override string Expected => "null";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'n'))
        {
            return cursor.Mismatch(this);
        }

        if (!cursor.TakeWord("null"u8))
        {
            return false;
        }

        cursor.Write("null"u8);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        // A header or cookie without a value is how those say null.
        var isNull = text.SequenceEqual("null"u8) || (text.IsEmpty && cursor.Place is RequestPlace.Header or RequestPlace.Cookie);
        if (!isNull)
        {
            return cursor.Mismatch(this, text);
        }

        cursor.Write("null"u8);
        return true;
    }
}

/// <summary><c>boolean</c>.</summary>
internal sealed class BooleanNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Boolean;

    public override string Expected => "a boolean";

    public override string Noun => "boolean";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (cursor.PeekKind() != JsonKinds.Boolean)
        {
            return cursor.Mismatch(this);
        }

        var word = cursor.At((byte)'t') ? "true"u8 : "false"u8;
        if (!cursor.TakeWord(word))
        {
            return false;
        }

        cursor.Write(word);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!text.SequenceEqual("true"u8) && !text.SequenceEqual("false"u8))
        {
            return cursor.Mismatch(this, text);
        }

        cursor.Write(text);
        return true;
    }
}

/// <summary><c>number</c>: any JSON number that a double can hold, passed on as it was written.</summary>
internal sealed class NumberNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Number;

    public override string Expected => "a number";

    public override string Noun => "number";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (cursor.PeekKind() != JsonKinds.Number)
        {
            return cursor.Mismatch(this);
        }

        var start = cursor.Position;
        if (!cursor.ScanNumber(out _))
        {
            return false;
        }

        cursor.CopyFrom(start);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text) =>
        TextNumber.TryWrite(ref cursor, text) || cursor.Mismatch(this, text);
}

/// <summary><c>string</c>.</summary>
internal sealed class TextNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Text;

    public override string Expected => "a string";

    public override string Noun => "string";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'"'))
        {
            return cursor.Mismatch(this);
        }

        var start = cursor.Position;
        if (!cursor.ScanString(out _))
        {
            return false;
        }

        cursor.CopyFrom(start);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        cursor.WriteString(text);
        return true;
    }
}
