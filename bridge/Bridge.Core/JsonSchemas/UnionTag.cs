using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>The field by which the objects of a union can be told apart.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Values">For each object the texts that the field may have; no text stands in two of them.</param>
internal sealed record UnionTag(string Name, IReadOnlyList<IReadOnlyList<string>> Values)
{
    /// <summary>Finds the first field that is a tag.</summary>
    /// <returns>Null where there is none, or fewer than two objects.</returns>
    public static UnionTag? Find(IReadOnlyList<ObjectShape> objects, JsonSchemaWriter writer) =>
        objects.Count < 2 ? null : objects[0].Fields.Select(field => Of(field.Name, objects, writer)).FirstOrDefault(tag => tag is not null);

    private static UnionTag? Of(string name, IReadOnlyList<ObjectShape> objects, JsonSchemaWriter writer)
    {
        var values = new List<IReadOnlyList<string>>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shape in objects)
        {
            var field = shape.Fields.FirstOrDefault(candidate => candidate.Name == name && !candidate.Optional);
            if (field is null || Texts(writer.TypeOf(field.Type), writer) is not { Count: > 0 } texts || !texts.All(taken.Add))
            {
                return null;
            }

            values.Add(texts);
        }

        return new UnionTag(name, values);
    }

    private static List<string>? Texts(TypeSchema type, JsonSchemaWriter writer)
    {
        var options = type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? type.Union.Options.Select(writer.TypeOf).ToList() : [type];
        var isText = options.TrueForAll(option =>
            option.ShapeCase == TypeSchema.ShapeOneofCase.Literal && option.Literal.ValueCase == Literal.ValueOneofCase.Text);
        return isText ? [.. options.Select(option => option.Literal.Text).Distinct(StringComparer.Ordinal)] : null;
    }
}
