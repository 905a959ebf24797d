using Bridge.Core.Schema;

namespace Bridge.Core.Responses.Lowering;

/// <summary>The parts of a type by the kind of object that holds them.</summary>
internal static class LoweredShapes
{
    /// <summary>The types that elements of a list can be of: of an array, a tuple, or a set, whichever the type is.</summary>
    public static IEnumerable<uint> ElementsOf(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Array => [type.Array.Element],
        TypeSchema.ShapeOneofCase.Set => [type.Set.Element],
        TypeSchema.ShapeOneofCase.Tuple =>
        [
            .. type.Tuple.Elements.Select(element => element.Type),
            .. type.Tuple.HasRest ? [type.Tuple.Rest] : Array.Empty<uint>(),
            .. type.Tuple.Trailing.Select(element => element.Type),
        ],
        _ => [],
    };

    /// <summary>The types that a member without a declaration of its own can be of.</summary>
    public static IEnumerable<uint> UndeclaredOf(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Record => [type.Record.Value],
        TypeSchema.ShapeOneofCase.Object =>
        [
            .. type.Object.Patterns.Select(pattern => pattern.Value),
            .. type.Object.HasAdditional ? [type.Object.Additional] : Array.Empty<uint>(),
        ],
        _ => [],
    };
}
