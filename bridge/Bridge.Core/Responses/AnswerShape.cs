using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses;

/// <summary>What a response type says of an answer's top level: the fields of an object, or of the objects among a union's options.</summary>
internal sealed class AnswerShape
{
    private AnswerShape(List<TypeSchema> options)
    {
        var objects = options.Where(option => option.ShapeCase == TypeSchema.ShapeOneofCase.Object).Select(option => option.Object).ToList();
        HasObjects = objects.Count > 0;
        IsObject = objects.Count == options.Count;
        Fields = [.. objects.SelectMany(shape => shape.Fields).GroupBy(field => field.Name, StringComparer.Ordinal).Select(Merge)];
        KeepsAll = objects.Exists(shape => shape.HasAdditional) || options.Exists(IsOpen);
        PatternKeys = [.. objects.SelectMany(shape => shape.Patterns).Select(pattern => pattern.Key)];
    }

    /// <summary>Whether an answer may be an object with declared fields.</summary>
    public bool HasObjects { get; }

    /// <summary>Whether an answer can be nothing else.</summary>
    public bool IsObject { get; }

    /// <summary>The declared fields, in declaration order; one that several options declare comes once.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Whether undeclared fields are sent.</summary>
    public bool KeepsAll { get; }

    /// <summary>Types that a name must satisfy for its field to be sent without a declaration.</summary>
    public IReadOnlyList<uint> PatternKeys { get; }

    /// <summary>Reads a response type.</summary>
    /// <exception cref="SchemaException">It leads nowhere.</exception>
    public static AnswerShape Of(Application application, uint id)
    {
        var type = TypeOf(application, id);
        return new AnswerShape(type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? [.. type.Union.Options.Select(option => TypeOf(application, option))] : [type]);
    }

    private static TypeSchema TypeOf(Application application, uint id) => id < application.Types_.Count
        ? application.Types_[(int)id]
        : throw new SchemaException($"A response is of type {id}, which the schema doesn't hold.");

    private static bool IsOpen(TypeSchema type) =>
        type.ShapeCase == TypeSchema.ShapeOneofCase.Record
        || (type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Any);

    // Where options disagree on how a field travels, it stays in the body: no option's client misses it there.
    private static Field Merge(IEnumerable<Field> declarations)
    {
        var all = declarations.ToList();
        if (all.TrueForAll(field => Equals(field.Wire, all[0].Wire)))
        {
            return all[0];
        }

        var plain = all[0].Clone();
        plain.Wire = null;
        return plain;
    }
}
