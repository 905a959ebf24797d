namespace Bridge.Core.Scripting;

/// <summary>
/// A value that crosses between host and script on its own.
/// </summary>
/// <remarks>
/// Shape: undefined ↔ <see cref="Undefined"/>, null ↔ <see cref="Null"/>, boolean ↔ bool, number ↔ double, string ↔ string,
/// Uint8Array (or ArrayBuffer) ↔ byte[], copied. A function's result of -0 may arrive as 0. Anything else reaches the host as undefined.
/// Structured data crosses as JSON text, not as a value of this type.
/// </remarks>
public readonly struct ScriptValue : IEquatable<ScriptValue>
{
    private readonly object? _reference;
    private readonly double _number;

    private ScriptValue(ScriptValueKind kind, double number, object? reference)
    {
        Kind = kind;
        _number = number;
        _reference = reference;
    }

    /// <summary>JavaScript's undefined, and the default of this type.</summary>
    public static ScriptValue Undefined => default;

    /// <summary>JavaScript's null.</summary>
    public static ScriptValue Null => new(ScriptValueKind.Null, 0, null);

    /// <summary>Which of the kinds this is.</summary>
    public ScriptValueKind Kind { get; }

    /// <summary>Whether this is undefined or null.</summary>
    public bool IsNullish => Kind is ScriptValueKind.Undefined or ScriptValueKind.Null;

    /// <summary>A boolean.</summary>
    public static ScriptValue From(bool value) => new(ScriptValueKind.Boolean, value ? 1 : 0, null);

    /// <summary>A number.</summary>
    public static ScriptValue From(double value) => new(ScriptValueKind.Number, value, null);

    /// <summary>A string; null becomes JavaScript's null.</summary>
    public static ScriptValue From(string? value) => value is null ? Null : new(ScriptValueKind.Text, 0, value);

    /// <summary>A Uint8Array; null becomes JavaScript's null.</summary>
    public static ScriptValue From(byte[]? value) => value is null ? Null : new(ScriptValueKind.Bytes, 0, value);

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">This isn't a number.</exception>
    public double AsNumber() => Kind == ScriptValueKind.Number ? _number : throw Mismatch(ScriptValueKind.Number);

    /// <summary>The boolean.</summary>
    /// <exception cref="InvalidOperationException">This isn't a boolean.</exception>
    public bool AsBoolean() => Kind == ScriptValueKind.Boolean ? _number != 0 : throw Mismatch(ScriptValueKind.Boolean);

    /// <summary>The string.</summary>
    /// <exception cref="InvalidOperationException">This isn't a string.</exception>
    public string AsText() => Kind == ScriptValueKind.Text ? (string)_reference! : throw Mismatch(ScriptValueKind.Text);

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">These aren't bytes.</exception>
    public byte[] AsBytes() => Kind == ScriptValueKind.Bytes ? (byte[])_reference! : throw Mismatch(ScriptValueKind.Bytes);

    /// <inheritdoc/>
    public bool Equals(ScriptValue other) =>
        Kind == other.Kind && _number.Equals(other._number) && Equals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ScriptValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _number, _reference);

    /// <summary>Whether both are the same kind and value (bytes: the same array).</summary>
    public static bool operator ==(ScriptValue left, ScriptValue right) => left.Equals(right);

    /// <summary>Whether they differ in kind or value.</summary>
    public static bool operator !=(ScriptValue left, ScriptValue right) => !left.Equals(right);

    private InvalidOperationException Mismatch(ScriptValueKind wanted) =>
        new($"The script passed {Kind} where {wanted} was expected.");
}

/// <summary>The kinds of <see cref="ScriptValue"/>.</summary>
public enum ScriptValueKind
{
    /// <summary>undefined</summary>
    Undefined,

    /// <summary>null</summary>
    Null,

    /// <summary>boolean</summary>
    Boolean,

    /// <summary>number</summary>
    Number,

    /// <summary>string</summary>
    Text,

    /// <summary>Uint8Array or ArrayBuffer</summary>
    Bytes,
}
