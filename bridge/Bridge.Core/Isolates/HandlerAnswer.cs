using System.Text.Json;

namespace Bridge.Core.Isolates;

/// <summary>What came of a call.</summary>
/// <remarks>Ownership: dispose it exactly once, when the bytes have been read.</remarks>
public readonly struct HandlerAnswer : IDisposable, IEquatable<HandlerAnswer>
{
    private readonly AnswerBatch? _batch;
    private readonly int _offset;
    private readonly int _length;

    internal HandlerAnswer(AnswerKind kind, AnswerBatch? batch, int offset, int length)
    {
        Kind = kind;
        _batch = batch;
        _offset = offset;
        _length = length;
    }

    /// <summary>How the call ended.</summary>
    public AnswerKind Kind { get; }

    /// <summary>
    /// UTF-8. For a headed value: <c>[status or 0,[header name, value, …],user id or null]</c>, and the value. For a value: <c>JSON.stringify</c> of it, empty for undefined. For an error:
    /// <c>{"name","message","stack","code"?,"details"?,"cause"?}</c>. Otherwise empty. Valid until <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Json => _batch is null ? default : _batch.Bytes(_offset, _length);

    /// <summary>Reads the head of a <see cref="AnswerKind.Headed"/> answer.</summary>
    /// <param name="value">The value after it, as for <see cref="AnswerKind.Value"/>.</param>
    public AnswerHeading ReadHead(out ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(Json, new JsonReaderOptions { AllowMultipleValues = true });
        using var head = JsonDocument.ParseValue(ref reader);
        value = Json[(int)reader.BytesConsumed..];
        var parts = head.RootElement;
        return new AnswerHeading(parts[0].GetInt32(), [.. parts[1].EnumerateArray().Select(text => text.GetString() ?? "")], parts[2].GetString());
    }

    /// <summary>Gives the bytes back.</summary>
    public void Dispose() => _batch?.Release();

    /// <inheritdoc/>
    public bool Equals(HandlerAnswer other) =>
        Kind == other.Kind && _batch == other._batch && _offset == other._offset && _length == other._length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HandlerAnswer other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _batch, _offset);

    /// <summary>Whether both are the same answer.</summary>
    public static bool operator ==(HandlerAnswer left, HandlerAnswer right) => left.Equals(right);

    /// <summary>Whether they are different answers.</summary>
    public static bool operator !=(HandlerAnswer left, HandlerAnswer right) => !left.Equals(right);
}

/// <summary>How a call of a handler ended.</summary>
public enum AnswerKind
{
    /// <summary>The handler returned.</summary>
    Value,

    /// <summary>The handler threw.</summary>
    Error,

    /// <summary>The caller left before there was an answer.</summary>
    Canceled,

    /// <summary>The isolate ended, or failed outside the handler.</summary>
    Lost,

    /// <summary>The handler returned, and its answer has a head: <see cref="HandlerAnswer.ReadHead"/>.</summary>
    Headed,

    /// <summary>The time for an answer ran out.</summary>
    TimedOut,
}

/// <summary>What an answer's head holds besides what its type says.</summary>
/// <param name="Status">The HTTP status; 0 for whatever it would be otherwise.</param>
/// <param name="Headers">Names and values in turn.</param>
/// <param name="UserId">Who made the call; null for nobody.</param>
public sealed record AnswerHeading(int Status, IReadOnlyList<string> Headers, string? UserId);
