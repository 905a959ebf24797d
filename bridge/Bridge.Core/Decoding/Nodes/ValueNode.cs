using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// A type of the schema, compiled: reads a value, checks it, and writes it in the form in which it crosses to JavaScript.
/// </summary>
/// <remarks>Immutable once its plan is compiled. Thread: any.</remarks>
internal abstract class ValueNode
{
    /// <summary>The kinds of JSON value that can be of this type.</summary>
    public abstract JsonKinds Kinds { get; }

    /// <summary>The kinds of JSON value that cross: those of the input, save for dates and the like.</summary>
    public virtual JsonKinds CrossingKinds => Kinds;

    /// <summary>What a message says was expected, article included: <c>a number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>What messages about text call a value: <c>path parameter is not a valid number</c>; null where there is no such word.</summary>
    public virtual string? Noun => null;

    /// <summary>The reason given for a JSON string that isn't this type's text form; null where type and kind of value say enough.</summary>
    public virtual string? InvalidText => null;

    /// <summary>Decodes the value at the cursor.</summary>
    /// <returns>As every method of <see cref="DecodeCursor"/>: false for "stop now".</returns>
    public abstract bool Decode(ref DecodeCursor cursor);

    /// <summary>Decodes text from the path, the query, a header or a cookie.</summary>
    /// <param name="cursor">Where to write; its input stays untouched.</param>
    /// <param name="text">The text, percent-decoded, valid UTF-8.</param>
    public virtual bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text) => cursor.Mismatch(this, text);
}
