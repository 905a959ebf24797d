using System.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>Date</c>: RFC 3339 with a zone; crosses as milliseconds since 1970.</summary>
internal sealed class DateNode : ConvertedNode
{
    public override JsonKinds CrossingKinds => JsonKinds.Number;

    public override string Expected => "a datetime string";

    public override string Noun => "datetime";

    public override string InvalidText => "invalid datetime: expected RFC 3339 with a zone";

    public override string Revive(string value) => $"new Date({value})";

    protected override bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!Rfc3339.TryParse(text, out var milliseconds))
        {
            return false;
        }

        cursor.Write(milliseconds);
        return true;
    }
}

/// <summary><c>Uint8Array</c>: base64 (RFC 4648 section 4), padded or not; crosses as it is.</summary>
/// <param name="bytesClass">What holds them in the application.</param>
internal sealed class BytesNode(BytesClass bytesClass) : ConvertedNode
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    public override string Expected => "a base64 string";

    public override string InvalidText => "invalid base64";

    public override string Revive(string value) => bytesClass switch
    {
        BytesClass.ArrayBuffer => $"Uint8Array.fromBase64({value}).buffer",
        BytesClass.Buffer => $"Buffer.from(Uint8Array.fromBase64({value}).buffer)",
        _ => $"Uint8Array.fromBase64({value})",
    };

    protected override bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!IsBase64(text))
        {
            return false;
        }

        cursor.WriteString(text);
        return true;
    }

    private static bool IsBase64(ReadOnlySpan<byte> text)
    {
        var digits = text.TrimEnd((byte)'=');
        var padding = text.Length - digits.Length;
        return !digits.ContainsAnyExcept(Alphabet) && digits.Length % 4 != 1
            && (padding == 0 || (padding <= 2 && text.Length % 4 == 0));
    }
}

/// <summary><c>Decimal</c>: a string, or a JSON number with every digit kept; crosses as a string.</summary>
internal sealed class DecimalNode : ConvertedNode
{
    public override JsonKinds Kinds => JsonKinds.Text | JsonKinds.Number;

    public override JsonKinds CrossingKinds => JsonKinds.Text;

    public override string Expected => "a decimal";

    public override string Noun => "decimal";

    public override string InvalidText => "invalid decimal";

    public override string Revive(string value) => $"new Decimal({value})";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (cursor.PeekKind() != JsonKinds.Number)
        {
            return base.Decode(ref cursor);
        }

        var start = cursor.Position;
        return cursor.ScanNumber(out _) && (TryWrite(ref cursor, cursor.InputFrom(start)) || cursor.Mismatch(this, start));
    }

    protected override bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!IsDecimal(text))
        {
            return false;
        }

        cursor.WriteString(text);
        return true;
    }

    /// <summary>Whether a text is a decimal: digits with an optional sign, point and exponent, of bounded length.</summary>
    public static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        var unsigned = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var exponentAt = unsigned.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? unsigned : unsigned[..exponentAt];
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        return whole.Length + fraction.Length is > 0 and <= BigIntNode.MaxDigits
            && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (exponentAt < 0 || IsExponent(unsigned[(exponentAt + 1)..]));
    }

    // Four digits reach past IEEE 754's decimal128; more would have JavaScript write out millions of zeros.
    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        var digits = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        return digits.Length is > 0 and <= 4 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}

/// <summary><c>bigint</c>: a string of digits or a JSON integer; crosses as a string.</summary>
internal sealed class BigIntNode : ConvertedNode
{
    /// <summary>Digits accepted: conversion in JavaScript takes more than linear time, and no honest number is longer.</summary>
    public const int MaxDigits = 4096;

    public override JsonKinds Kinds => JsonKinds.Text | JsonKinds.Number;

    public override JsonKinds CrossingKinds => JsonKinds.Text;

    public override string Expected => "a bigint";

    public override string Noun => "bigint";

    public override string Revive(string value) => $"BigInt({value})";

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (cursor.PeekKind() != JsonKinds.Number)
        {
            return base.Decode(ref cursor);
        }

        var start = cursor.Position;
        return cursor.ScanNumber(out _) && (TryWrite(ref cursor, cursor.InputFrom(start)) || cursor.Mismatch(this, start));
    }

    protected override bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        var digits = text.Length > 0 && text[0] == (byte)'-' ? text[1..] : text;
        if (digits.Length is 0 or > MaxDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        WriteCanonical(ref cursor, digits, isNegative: digits.Length < text.Length);
        return true;
    }

    // One text for each number: sets and maps tell their members apart by it.
    private static void WriteCanonical(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> digits, bool isNegative)
    {
        var significant = digits.TrimStart((byte)'0');
        cursor.Write((byte)'"');
        cursor.Write(isNegative && !significant.IsEmpty ? "-"u8 : default);
        cursor.Write(significant.IsEmpty ? "0"u8 : significant);
        cursor.Write((byte)'"');
    }
}
