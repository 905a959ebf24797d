namespace Bridge.Core.Calls;

/// <summary>What the values of calls to one endpoint go through, as JavaScript; <see cref="ValueChecks"/> says how it is used.</summary>
/// <param name="Request">
/// An expression whose value is a function from the support object to <c>(value) => outcome</c>; null where the handler takes no parameters.
/// </param>
/// <param name="Response">
/// An expression whose value is a function from the support object to <c>(value) => copy</c>; null where the endpoint answers nothing.
/// </param>
public sealed record ValueCheck(string? Request, string? Response)
{
    /// <summary>Of a stream: as <see cref="Request"/>, for each message that the caller sends; null where it sends none.</summary>
    public string? Incoming { get; init; }

    /// <summary>Of a stream: as <see cref="Response"/>, for each message that the handler sends; null where it sends none.</summary>
    public string? Outgoing { get; init; }
}
