using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>Turns the schema's types into nodes; a type that refers back to itself becomes a node that does.</summary>
internal sealed class PlanCompiler(Application application)
{
    private readonly Dictionary<uint, ValueNode> _nodes = [];
    private readonly List<ObjectField> _defaulted = [];

    /// <summary>The schema of a type.</summary>
    /// <exception cref="SchemaException">There is no such type.</exception>
    public TypeSchema TypeOf(uint id) =>
        id < application.Types_.Count ? application.Types_[(int)id] : throw new SchemaException($"The schema refers to type {id}, which it doesn't hold.");

    /// <summary>The node of a type.</summary>
    /// <exception cref="SchemaException">The type can't be compiled.</exception>
    public ValueNode NodeOf(uint id)
    {
        if (_nodes.TryGetValue(id, out var known))
        {
            return known;
        }

        // The node is known before its parts are compiled: those may lead back here.
        var type = TypeOf(id);
        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Object => LinkObject(Register(id, type, new ObjectNode()), type.Object),
            TypeSchema.ShapeOneofCase.Record => LinkRecord(Register(id, type, new ObjectNode()), type.Record),
            TypeSchema.ShapeOneofCase.Array => LinkArray(Register(id, type, new ArrayNode()), type.Array.Element),
            TypeSchema.ShapeOneofCase.Set => LinkArray(Register(id, type, new ArrayNode(isSet: true)), type.Set.Element),
            TypeSchema.ShapeOneofCase.Map => LinkMap(Register(id, type, new MapNode()), type.Map),
            TypeSchema.ShapeOneofCase.Tuple => LinkTuple(Register(id, type, new TupleNode()), type.Tuple),
            TypeSchema.ShapeOneofCase.Union => UnionOf(id, type),
            TypeSchema.ShapeOneofCase.Literal => Register(id, type, LiteralOf(type)).Whole,
            TypeSchema.ShapeOneofCase.Primitive => Register(id, type, PrimitiveOf(type)).Whole,
            _ => throw new SchemaException($"Type {id} ({type.Name}) has no shape."),
        };
    }

    /// <summary>Decodes every field's default. Comes after everything that says how values cross, and before the plan's first use.</summary>
    /// <exception cref="SchemaException">A default doesn't fit its field's type, or holds itself.</exception>
    public void CompleteDefaults() => _defaulted.ForEach(field => _ = field.Default);

    /// <summary>The fields of an object type, in declaration order.</summary>
    public IEnumerable<ObjectField> FieldsOf(ObjectShape shape) =>
        shape.Fields.Select(FieldOf);

    /// <summary>What an object type says of fields that it doesn't declare.</summary>
    public UndeclaredFields UndeclaredOf(ObjectShape shape) => shape.HasAdditional || shape.Patterns.Count > 0
        ? new UndeclaredFields(
            [.. shape.Patterns.Select(pattern => (NodeOf(pattern.Key), NodeOf(pattern.Value)))],
            shape.HasAdditional ? NodeOf(shape.Additional) : null)
        : UndeclaredFields.Dropped;

    private ObjectField FieldOf(Field field)
    {
        var isRequired = !field.Optional && !field.HasDefaultJson;
        var compiled = new ObjectField(field.Name, NodeOf(field.Type), isRequired, field.HasDefaultJson ? field.DefaultJson : null);
        if (compiled.HasDefault)
        {
            _defaulted.Add(compiled);
        }

        return compiled;
    }

    private static ValueNode LiteralOf(TypeSchema type) => type.Literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => new LiteralTextNode([type.Literal.Text]),
        Literal.ValueOneofCase.Number => new LiteralNumberNode(type.Literal.Number),
        Literal.ValueOneofCase.Boolean => new LiteralBooleanNode(type.Literal.Boolean),
        _ => throw new SchemaException($"A literal type ({type.Name}) has no value."),
    };

    private static ValueNode PrimitiveOf(TypeSchema type) => type.Primitive switch
    {
        Primitive.String => new TextNode(),
        Primitive.Number => new NumberNode(),
        Primitive.Boolean => new BooleanNode(),
        Primitive.Null => new NullNode(),
        Primitive.Any => new AnyNode(),
        Primitive.Date => new DateNode(),
        Primitive.Bigint => new BigIntNode(),
        Primitive.Decimal => new DecimalNode(),
        Primitive.Bytes => new BytesNode(type.BytesClass),
        _ => throw new SchemaException($"Type {type.Name} is of an unknown primitive, {type.Primitive}."),
    };

    private (ValueNode Whole, T Shape) Register<T>(uint id, TypeSchema type, T shape)
        where T : ValueNode
    {
        ValueNode whole = type.Rule is null ? shape : new RuledNode(shape, RuleCompiler.Compile(type.Rule));
        _nodes[id] = whole;
        return (whole, shape);
    }

    private ValueNode LinkObject((ValueNode Whole, ObjectNode Shape) node, ObjectShape shape)
    {
        node.Shape.Link(FieldsOf(shape), UndeclaredOf(shape));
        return node.Whole;
    }

    private ValueNode LinkRecord((ValueNode Whole, ObjectNode Shape) node, RecordShape shape)
    {
        node.Shape.Link([], new UndeclaredFields([], NodeOf(shape.Value), shape.HasKey ? NodeOf(shape.Key) : null));
        return node.Whole;
    }

    private ValueNode LinkArray((ValueNode Whole, ArrayNode Shape) node, uint element)
    {
        node.Shape.Link(NodeOf(element));
        return node.Whole;
    }

    private ValueNode LinkMap((ValueNode Whole, MapNode Shape) node, MapShape shape)
    {
        node.Shape.Link(NodeOf(shape.Key), NodeOf(shape.Value));
        return node.Whole;
    }

    private ValueNode LinkTuple((ValueNode Whole, TupleNode Shape) node, TupleShape shape)
    {
        var required = 0;
        foreach (var element in shape.Elements)
        {
            if (!element.Optional && required < shape.Elements.IndexOf(element))
            {
                throw new SchemaException("A tuple has an element that must be there after one that may be missing.");
            }

            required += element.Optional ? 0 : 1;
        }

        node.Shape.Link(
            [.. shape.Elements.Select(element => NodeOf(element.Type))],
            required,
            shape.HasRest ? NodeOf(shape.Rest) : null,
            [.. shape.Trailing.Select(element => NodeOf(element.Type))]);
        return node.Whole;
    }

    private ValueNode UnionOf(uint id, TypeSchema type)
    {
        var options = UnionOptions.Of(type, TypeOf);
        if (options.OnlyTexts is { } texts)
        {
            return Register(id, type, new LiteralTextNode(texts)).Whole;
        }

        // A rule on the union is one on each option: what it means depends on what the value is.
        var union = new UnionNode(_nodes.Count);
        _nodes[id] = union;
        var rule = type.Rule is null ? null : RuleCompiler.Compile(type.Rule);
        var nodes = options.All.Select(option => option.Texts is { } texts ? new LiteralTextNode(texts) : NodeOf(option.Id));
        union.Link([.. nodes.Select(node => rule is null ? node : new RuledNode(node, rule))], options.Names, options.FindTags(TypeOf));
        return union;
    }
}
