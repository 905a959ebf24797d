namespace Bridge.Core.Responses;

/// <summary>What became of a handler's answer.</summary>
/// <param name="HasBody">Whether a JSON body was written; without, the answer has no body and no content type.</param>
/// <param name="Error">Why the answer can't be sent, for the log; then neither head nor body was touched. Null when all is well.</param>
public readonly record struct EncodeResult(bool HasBody, string? Error)
{
    /// <summary>A body was written.</summary>
    public static EncodeResult WithBody => new(HasBody: true, Error: null);

    /// <summary>The answer is its head alone.</summary>
    public static EncodeResult WithoutBody => new(HasBody: false, Error: null);

    /// <summary>The answer can't be sent.</summary>
    /// <param name="error">Why, for the log: it may name what the handler returned, so it is not for the client.</param>
    public static EncodeResult Failed(string error) => new(HasBody: false, error);
}
