namespace Bridge.Core.Decoding;

/// <summary>The part of a request in which a value travels.</summary>
public enum RequestPlace
{
    /// <summary>A parameter segment of the path.</summary>
    Path,

    /// <summary>The query string.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A cookie.</summary>
    Cookie,

    /// <summary>The body.</summary>
    Body,
}

/// <summary>One way in which a request doesn't fit its schema.</summary>
/// <param name="In">Where the value travels.</param>
/// <param name="Path">JSON pointer (RFC 6901) to the value: in the body, or from the name in the other places; "" is the whole body.</param>
/// <param name="Rule">What is violated: <c>type</c>, <c>required</c>, <c>syntax</c>, <c>duplicate</c>, <c>min</c>, <c>matches</c>, ….</param>
/// <param name="Message">For people, without the place: <c>expected a number, got abc</c>.</param>
/// <param name="Expected">What was expected, in a few words: <c>a number</c>, <c>at least 3</c>; null where the rule says it all.</param>
/// <param name="Got">
/// The beginning of what came: JSON in the body, text in the other places; null where nothing came and for sensitive endpoints.
/// </param>
public sealed record Violation(RequestPlace In, string Path, string Rule, string Message, string? Expected = null, string? Got = null);
