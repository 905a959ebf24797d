using System.Text.Json.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Unions: literals of a type become one enumeration, tagged objects one choice, all else options side by side.</summary>
internal sealed class UnionSchemas(JsonSchemaWriter writer)
{
    /// <summary>The schema of a union.</summary>
    /// <param name="union">The union.</param>
    /// <param name="rule">What holds besides; or null.</param>
    public JsonObject Of(UnionShape union, Rule? rule)
    {
        var options = union.Options.Select(id => (Id: id, Type: writer.TypeOf(id))).ToList();
        var tag = writer.Style.HasDiscriminators ? UnionTag.Find([.. options.Where(IsObject).Select(option => option.Type.Object)], writer) : null;
        var schemas = new List<JsonObject>();
        var written = new HashSet<TypeSchema>(ReferenceEqualityComparer.Instance);
        foreach (var option in options)
        {
            if (!written.Contains(option.Type))
            {
                var group = GroupOf(option, options, rule, tag is not null);
                written.UnionWith(group.Select(member => member.Type));
                schemas.Add(Schema(group, rule, tag));
            }
        }

        return SchemaNodes.AnyOf(schemas);
    }

    /// <summary>The options that are written together with one: itself at least.</summary>
    private static List<(uint Id, TypeSchema Type)> GroupOf(
        (uint Id, TypeSchema Type) option, List<(uint Id, TypeSchema Type)> options, Rule? rule, bool isTagged)
    {
        if (rule is null && IsPlainLiteral(option))
        {
            return options.FindAll(other => IsPlainLiteral(other) && other.Type.Literal.ValueCase == option.Type.Literal.ValueCase);
        }

        return isTagged && IsObject(option) ? options.FindAll(IsObject) : [option];
    }

    private JsonObject Schema(List<(uint Id, TypeSchema Type)> group, Rule? rule, UnionTag? tag)
    {
        var first = group[0];
        if (group.Count == 1)
        {
            // A rule on the union is one on each option, by the kind of value that it is: JSON Schema's keywords speak of one kind each.
            return rule is null ? writer.Use(first.Id) : writer.Shape(first.Type, RuleKeywords.Both(first.Type.Rule, rule));
        }

        return IsPlainLiteral(first) ? Enumeration(group.ConvertAll(option => option.Type.Literal)) : Choice(group, tag);
    }

    private static JsonObject Enumeration(List<Literal> literals)
    {
        var values = literals.Select(PrimitiveSchemas.ValueOf).DistinctBy(value => value.ToJsonString(), StringComparer.Ordinal).ToList();
        var type = PrimitiveSchemas.TypeOf(literals[0]);
        return type == "boolean" && values.Count == 2 ? SchemaNodes.Typed(type) : SchemaNodes.Typed(type, "enum", SchemaNodes.List(values));
    }

    private JsonObject Choice(List<(uint Id, TypeSchema Type)> group, UnionTag? tag)
    {
        var references = group.ConvertAll(option => writer.Use(option.Id));
        var schema = SchemaNodes.AnyOf(references, "oneOf");
        if (tag is not null && group.TrueForAll(option => writer.IsDefined(option.Id)))
        {
            var mapping = new JsonObject();
            for (var index = 0; index < group.Count; index++)
            {
                foreach (var value in tag.Values[index])
                {
                    mapping[value] = references[index]["$ref"]?.GetValue<string>();
                }
            }

            schema["discriminator"] = new JsonObject { ["propertyName"] = tag.Name, ["mapping"] = mapping };
        }

        return schema;
    }

    private static bool IsObject((uint Id, TypeSchema Type) option) => option.Type.ShapeCase == TypeSchema.ShapeOneofCase.Object;

    private static bool IsPlainLiteral((uint Id, TypeSchema Type) option) =>
        option.Type.ShapeCase == TypeSchema.ShapeOneofCase.Literal && option.Type.Rule is null && option.Type.Doc.Length == 0;
}
