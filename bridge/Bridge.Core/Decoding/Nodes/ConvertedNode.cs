using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// A type that JSON carries as text and JavaScript knows as something else: it crosses in a normal form, which the reviver turns into the
/// object that the handler gets.
/// </summary>
internal abstract class ConvertedNode : ValueNode
{
    public override JsonKinds Kinds => JsonKinds.Text;

    /// <summary>JavaScript that makes the object from the normal form.</summary>
    /// <param name="value">The expression that gives the normal form.</param>
    public abstract string Revive(string value);

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'"'))
        {
            return cursor.Mismatch(this);
        }

        var start = cursor.Position;
        return cursor.ScanString(out _) && (TryWrite(ref cursor, cursor.TextFrom(start)) || cursor.Mismatch(this, start));
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text) =>
        TryWrite(ref cursor, text) || cursor.Mismatch(this, text);

    /// <summary>Writes the normal form of a text; false, with nothing written, where it isn't one of this type.</summary>
    protected abstract bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text);
}
