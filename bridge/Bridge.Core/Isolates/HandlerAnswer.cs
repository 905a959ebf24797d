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
    /// UTF-8. For a value: <c>JSON.stringify</c> of it, empty for undefined. For an error:
    /// <c>{"name","message","stack","code"?,"details"?,"cause"?}</c>. Otherwise empty. Valid until <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Json => _batch is null ? default : _batch.Bytes(_offset, _length);

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
}
