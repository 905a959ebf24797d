using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>Turns the schema's types into nodes; a type that refers back to itself becomes a node that does.</summary>
internal sealed class PlanCompiler(Application application)
{
    private readonly Dictionary<uint, ValueNode> _nodes = [];

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
            TypeSchema.ShapeOneofCase.Array => LinkArray(Register(id, type, new ArrayNode()), type.Array),
            TypeSchema.ShapeOneofCase.Union => Register(id, type, UnionOf(type)).Whole,
            TypeSchema.ShapeOneofCase.Literal => Register(id, type, LiteralOf(type)).Whole,
            TypeSchema.ShapeOneofCase.Primitive => Register(id, type, PrimitiveOf(type)).Whole,
            _ => throw new SchemaException($"Type {id} ({type.Name}) has no shape."),
        };
    }

    /// <summary>The fields of an object type, in declaration order.</summary>
    public IEnumerable<ObjectField> FieldsOf(ObjectShape shape) =>
        shape.Fields.Select(field => new ObjectField(field.Name, NodeOf(field.Type), !field.Optional));

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
        Primitive.Bytes => new BytesNode(),
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
        node.Shape.Link(FieldsOf(shape), shape.HasAdditional ? NodeOf(shape.Additional) : null, key: null);
        return node.Whole;
    }

    private ValueNode LinkRecord((ValueNode Whole, ObjectNode Shape) node, RecordShape shape)
    {
        node.Shape.Link([], NodeOf(shape.Value), shape.HasKey ? NodeOf(shape.Key) : null);
        return node.Whole;
    }

    private ValueNode LinkArray((ValueNode Whole, ArrayNode Shape) node, ArrayShape shape)
    {
        node.Shape.Link(NodeOf(shape.Element));
        return node.Whole;
    }

    private ValueNode UnionOf(TypeSchema type)
    {
        var options = type.Union.Options.Select(option => (Id: option, Type: TypeOf(option))).ToList();
        if (options.Exists(option => option.Type.ShapeCase == TypeSchema.ShapeOneofCase.Union))
        {
            throw new SchemaException($"Type {type.Name} is a union with a union among its options.");
        }

        // Neighbouring string literals become one lookup; the order among options stays.
        var nodes = new List<ValueNode>();
        for (var i = 0; i < options.Count; i++)
        {
            var texts = options.Skip(i).TakeWhile(option => IsPlainText(option.Type)).Select(option => option.Type.Literal.Text).ToList();
            nodes.Add(texts.Count > 1 ? new LiteralTextNode(texts) : NodeOf(options[i].Id));
            i += Math.Max(texts.Count - 1, 0);
        }

        return nodes.Count == 1 ? nodes[0] : new UnionNode([.. nodes]);
    }

    private static bool IsPlainText(TypeSchema type) =>
        type.Rule is null && type.ShapeCase == TypeSchema.ShapeOneofCase.Literal && type.Literal.ValueCase == Literal.ValueOneofCase.Text;
}
