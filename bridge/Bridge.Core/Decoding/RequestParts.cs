namespace Bridge.Core.Decoding;

/// <summary>
/// What a request brings to its plan: everything by reference into buffers that the caller keeps until decoding ends.
/// </summary>
public readonly ref struct RequestParts
{
    /// <summary>The request path as sent: percent-encoded, without the query.</summary>
    public ReadOnlySpan<char> Path { get; init; }

    /// <summary>Where in <see cref="Path"/> the values of the endpoint's parameter segments stand, in the order of those segments.</summary>
    public ReadOnlySpan<Range> PathValues { get; init; }

    /// <summary>The query as sent: percent-encoded, without the leading <c>?</c>.</summary>
    public ReadOnlySpan<char> Query { get; init; }

    /// <summary>The whole body; empty when there is none or the plan doesn't read it.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The request's headers; null only where there are none.</summary>
    public IRequestHeaders? Headers { get; init; }
}
