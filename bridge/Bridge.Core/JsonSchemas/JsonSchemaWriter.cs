using System.Text.Json.Nodes;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>
/// Writes the artifact's types as schemas (JSON Schema 2020-12) that take the bodies which a request's plan takes.
/// </summary>
/// <remarks>
/// Unknown fields are dropped, so no schema forbids them. JSON Schema can't say, and a schema then takes more than a plan does: distinct keys
/// of a Map, bounds on dates and on numbers written as text, the order of what follows a tuple's rest, and that what differs in dropped fields
/// alone is a duplicate. It counts a text's code points where JavaScript, and so a plan, counts UTF-16 units. Not thread-safe.
/// </remarks>
public sealed class JsonSchemaWriter
{
    private readonly Application _application;
    private readonly DefinitionNames _names;
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly UnionSchemas _unions;
    private readonly ObjectSchemas _objects;

    /// <summary>Creates a writer.</summary>
    /// <param name="application">The artifact; type ids are indexes into its types.</param>
    /// <param name="style">Where the schemas will stand.</param>
    public JsonSchemaWriter(Application application, JsonSchemaStyle style)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(style);
        _application = application;
        _names = new DefinitionNames(application);
        _unions = new UnionSchemas(this);
        _objects = new ObjectSchemas(this);
        Style = style;
    }

    /// <summary>Where the schemas stand.</summary>
    public JsonSchemaStyle Style { get; }

    /// <summary>The definitions that the schemas written so far refer to, by name, sorted.</summary>
    public IReadOnlyDictionary<string, JsonObject> Definitions => _definitions;

    /// <summary>A schema as a document of its own.</summary>
    /// <param name="application">The artifact.</param>
    /// <param name="type">The type's id.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static JsonObject Document(Application application, uint type)
    {
        var writer = new JsonSchemaWriter(application, JsonSchemaStyle.Plain);
        var document = writer.Use(type);
        document.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        if (writer.Definitions.Count > 0)
        {
            document["$defs"] = new JsonObject(writer.Definitions.Select(definition => KeyValuePair.Create<string, JsonNode?>(definition.Key, definition.Value)));
        }

        return document;
    }

    /// <summary>A type where it is used: a reference where it has a definition, else its schema.</summary>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public JsonObject Use(uint id)
    {
        if (_names.Of(id) is not { } name)
        {
            return Described(TypeOf(id));
        }

        if (!_definitions.ContainsKey(name))
        {
            // The name is taken before the parts are written: those may lead back here.
            _definitions.Add(name, []);
            _definitions[name] = Described(TypeOf(id));
        }

        return new JsonObject { ["$ref"] = Style.DefinitionPrefix + name };
    }

    /// <summary>An object of some of a type's fields, and of its undeclared ones.</summary>
    /// <param name="shape">The type's shape.</param>
    /// <param name="isIncluded">Whether a field belongs to it.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public JsonObject ObjectOf(ObjectShape shape, Func<Field, bool> isIncluded)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(isIncluded);
        return _objects.Of(shape, isIncluded);
    }

    /// <summary>A name for a definition that isn't a type of the application: that name, or one close to it.</summary>
    public string UniqueName(string name) => _names.Unique(name);

    /// <summary>The type of an id.</summary>
    /// <exception cref="SchemaException">There is no such type.</exception>
    public TypeSchema TypeOf(uint id) =>
        id < _application.Types_.Count ? _application.Types_[(int)id] : throw new SchemaException($"The schema refers to type {id}, which it doesn't hold.");

    /// <summary>Whether a type has a definition of its own.</summary>
    internal bool IsDefined(uint id) => _names.Of(id) is not null;

    /// <summary>A type's shape, written out.</summary>
    /// <param name="type">The type.</param>
    /// <param name="rule">What holds besides the shape, instead of the type's own rule; or null.</param>
    internal JsonObject Shape(TypeSchema type, Rule? rule) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Primitive => PrimitiveSchemas.Of(type.Primitive, rule),
        TypeSchema.ShapeOneofCase.Literal => Literal(type.Literal, rule),
        TypeSchema.ShapeOneofCase.Object => _objects.Of(type.Object, static _ => true),
        TypeSchema.ShapeOneofCase.Record => _objects.Of(type.Record),
        TypeSchema.ShapeOneofCase.Union => _unions.Of(type.Union, rule),
        TypeSchema.ShapeOneofCase.Array => RuleKeywords.With(SchemaNodes.Typed("array", "items", Use(type.Array.Element)), rule, JsonKinds.Array),
        TypeSchema.ShapeOneofCase.Tuple => RuleKeywords.With(ListSchemas.Of(type.Tuple, this), rule, JsonKinds.Array),
        TypeSchema.ShapeOneofCase.Set => RuleKeywords.With(ListSchemas.Of(type.Set, this), rule, JsonKinds.Array),
        TypeSchema.ShapeOneofCase.Map => RuleKeywords.With(ListSchemas.Of(type.Map, this), rule, JsonKinds.Array),
        _ => throw new SchemaException($"Type {type.Name} has no shape."),
    };

    private static JsonObject Literal(Literal literal, Rule? rule)
    {
        var kind = literal.ValueCase switch
        {
            Schema.Literal.ValueOneofCase.Text => JsonKinds.Text,
            Schema.Literal.ValueOneofCase.Number => JsonKinds.Number,
            _ => JsonKinds.Boolean,
        };
        return RuleKeywords.With(PrimitiveSchemas.Of(literal), rule, kind);
    }

    private JsonObject Described(TypeSchema type)
    {
        var schema = Shape(type, type.Rule);
        var note = type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive ? RuleNotes.Of(type.Primitive, type.Rule) : null;
        var texts = new[] { type.Doc, note }.Where(text => !string.IsNullOrEmpty(text)).ToList();
        if (texts.Count > 0)
        {
            schema["description"] = string.Join("\n\n", texts);
        }

        return schema;
    }
}
