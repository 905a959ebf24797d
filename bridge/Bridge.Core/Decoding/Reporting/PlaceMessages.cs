using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Reporting;

/// <summary>The words in which an answer names the place of its first violation (contract, table of errors).</summary>
internal static class PlaceMessages
{
    /// <summary>The message for a violation of any kind.</summary>
    public static string Of(RequestPlace place, ReportPath path, string reason) => place switch
    {
        RequestPlace.Path => $"invalid path parameter {path.Root}: {reason}",
        RequestPlace.Header => $"invalid header value: {path.Root}: {reason}",
        RequestPlace.Cookie => $"invalid cookie value: {path.Root}: {reason}",
        RequestPlace.Query => $"unable to decode query string: {At(path)}{reason}",
        _ => $"unable to decode request body: {At(path)}{reason}",
    };

    /// <summary>The message for text that can't be read as the declared type; null where the place has no special one.</summary>
    /// <param name="place">Where the text came from.</param>
    /// <param name="node">The declared type.</param>
    /// <param name="text">The text; null where it must not be shown.</param>
    public static string? TextMismatch(RequestPlace place, ValueNode node, string? text) => place switch
    {
        RequestPlace.Path when node.Noun is { } noun => $"path parameter is not a valid {noun}",
        RequestPlace.Header or RequestPlace.Cookie when node.Noun == "datetime" => "invalid datetime",
        RequestPlace.Header or RequestPlace.Cookie when node.Noun is { } noun => text is null ? $"invalid {noun} value" : $"invalid {noun} value: {text}",
        _ => null,
    };

    private static string At(ReportPath path) => path.Dotted is { Length: > 0 } dotted ? dotted + ": " : "";
}
