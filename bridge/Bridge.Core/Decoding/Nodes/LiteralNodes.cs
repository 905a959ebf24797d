using System.Globalization;
using System.Text;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Places;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>One of a set of strings: a literal, an enum, a union of literals.</summary>
internal sealed class LiteralTextNode : ValueNode
{
    private readonly NameTable _texts;

    public LiteralTextNode(IReadOnlyList<string> texts)
    {
        _texts = new NameTable([.. texts.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)]);
        Expected = Expectation.AnyOf([.. texts.Select(text => $"\"{text}\"")]);
        InvalidText = texts.Count == 1 ? $"expected {Expected}" : null;
        HasComma = texts.Any(text => text.Contains(',', StringComparison.Ordinal));
    }

    /// <summary>Whether one of them has a comma in it.</summary>
    public bool HasComma { get; }

    public override JsonKinds Kinds => JsonKinds.Text;

    public override string Expected { get; }

    public override string? InvalidText { get; }

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

        if (_texts.Find(cursor.TextFrom(start)) < 0)
        {
            return cursor.Mismatch(this, start);
        }

        cursor.CopyFrom(start);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (_texts.Find(text) < 0)
        {
            return cursor.Mismatch(this, text);
        }

        cursor.WriteString(text);
        return true;
    }
}

/// <summary>One number.</summary>
internal sealed class LiteralNumberNode(double number) : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Number;

    public override string Expected { get; } = number.ToString("R", CultureInfo.InvariantCulture);

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

        if (DecodeCursor.ParseNumber(cursor.InputFrom(start)) != number)
        {
            return cursor.Mismatch(this, start);
        }

        cursor.CopyFrom(start);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text) =>
        (TextNumber.TryParse(text, out var value) && value == number && TextNumber.TryWrite(ref cursor, text))
        || cursor.Mismatch(this, text);
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class LiteralBooleanNode(bool value) : ValueNode
{
    private readonly byte[] _word = value ? "true"u8.ToArray() : "false"u8.ToArray();

    public override JsonKinds Kinds => JsonKinds.Boolean;

    public override string Expected { get; } = value ? "true" : "false";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At(_word[0]))
        {
            return cursor.Mismatch(this);
        }

        if (!cursor.TakeWord(_word))
        {
            return false;
        }

        cursor.Write(_word);
        return true;
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!text.SequenceEqual(_word))
        {
            return cursor.Mismatch(this, text);
        }

        cursor.Write(_word);
        return true;
    }
}
