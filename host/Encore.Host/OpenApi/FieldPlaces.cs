using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>Where a field of a request travels.</summary>
internal enum FieldPlace
{
    /// <summary>In the body.</summary>
    Body,

    /// <summary>In the path.</summary>
    Path,

    /// <summary>In the query.</summary>
    Query,

    /// <summary>In a header.</summary>
    Header,

    /// <summary>In a cookie.</summary>
    Cookie,
}

/// <summary>Says where a request's fields travel: as their type says, else by name in the path, else as the method has it.</summary>
/// <param name="segments">The path's parameters.</param>
/// <param name="method">The method.</param>
internal sealed class FieldPlaces(IReadOnlyList<PathSegment> segments, string method)
{
    /// <summary>Whether fields that say nothing travel in the body, else in the query.</summary>
    public bool IsBodyDefault { get; } = method is "POST" or "PUT" or "PATCH";

    /// <summary>The place of a field.</summary>
    public FieldPlace Of(Field field) => field.Wire?.Kind switch
    {
        WireKind.Header => FieldPlace.Header,
        WireKind.Query => FieldPlace.Query,
        WireKind.Cookie => FieldPlace.Cookie,
        _ when segments.Any(segment => segment.Value == field.Name) => FieldPlace.Path,
        _ => IsBodyDefault ? FieldPlace.Body : FieldPlace.Query,
    };
}
