using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>The types that a type is made of.</summary>
internal static class TypeParts
{
    /// <summary>Their ids, in the order of the declaration.</summary>
    public static IEnumerable<uint> Of(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Object => OfObject(type.Object),
        TypeSchema.ShapeOneofCase.Array => [type.Array.Element],
        TypeSchema.ShapeOneofCase.Record => type.Record.HasKey ? [type.Record.Key, type.Record.Value] : [type.Record.Value],
        TypeSchema.ShapeOneofCase.Union => type.Union.Options,
        TypeSchema.ShapeOneofCase.Tuple => OfTuple(type.Tuple),
        TypeSchema.ShapeOneofCase.Set => [type.Set.Element],
        TypeSchema.ShapeOneofCase.Map => [type.Map.Key, type.Map.Value],
        _ => [],
    };

    private static IEnumerable<uint> OfObject(ObjectShape shape) =>
        [
            .. shape.Fields.Select(field => field.Type),
            .. shape.Patterns.SelectMany(pattern => new[] { pattern.Key, pattern.Value }),
            .. shape.HasAdditional ? new[] { shape.Additional } : [],
        ];

    private static IEnumerable<uint> OfTuple(TupleShape shape) =>
        [
            .. shape.Elements.Select(element => element.Type),
            .. shape.HasRest ? new[] { shape.Rest } : [],
            .. shape.Trailing.Select(element => element.Type),
        ];
}
