using System.Globalization;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>Turns the schema's types into nodes; a type that refers back to itself becomes a node that does.</summary>
internal sealed class CallGraph(Application application)
{
    private readonly Dictionary<(uint Id, Rule? Outer), CallNode> _nodes = [];
    private int _count;

    /// <summary>The schema of a type.</summary>
    /// <exception cref="SchemaException">There is no such type.</exception>
    public TypeSchema TypeOf(uint id) =>
        id < application.Types_.Count ? application.Types_[(int)id] : throw new SchemaException($"The schema refers to type {id}, which it doesn't hold.");

    /// <summary>The node of a type.</summary>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public CallNode NodeOf(uint id) => NodeOf(id, outer: null);

    // A rule on a union is one on each option: what it means depends on what the value is.
    private CallNode NodeOf(uint id, Rule? outer)
    {
        if (_nodes.TryGetValue((id, outer), out var known))
        {
            return known;
        }

        var type = TypeOf(id);
        Rule[] rules = [.. type.Rule is null ? Array.Empty<Rule>() : [type.Rule], .. outer is null ? Array.Empty<Rule>() : [outer]];
        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Object => Link(Register(id, outer, new CallObject { Index = TakeIndex(), Rules = rules }), type.Object),
            TypeSchema.ShapeOneofCase.Record => Link(Register(id, outer, NewRecord(type.Record, rules)), type.Record),
            TypeSchema.ShapeOneofCase.Array => Link(Register(id, outer, new CallList(isSet: false) { Index = TakeIndex(), Rules = rules }), type.Array.Element),
            TypeSchema.ShapeOneofCase.Set => Link(Register(id, outer, new CallList(isSet: true) { Index = TakeIndex(), Rules = rules }), type.Set.Element),
            TypeSchema.ShapeOneofCase.Map => Link(Register(id, outer, new CallMap { Index = TakeIndex(), Rules = rules }), type.Map),
            TypeSchema.ShapeOneofCase.Tuple => Link(Register(id, outer, NewTuple(type.Tuple, rules)), type.Tuple),
            TypeSchema.ShapeOneofCase.Union => UnionOf(id, outer, type, rules),
            TypeSchema.ShapeOneofCase.Literal => Register(id, outer, LiteralsOf([type.Literal], rules)),
            TypeSchema.ShapeOneofCase.Primitive => Register(id, outer, PrimitiveOf(type, rules)),
            _ => throw new SchemaException($"Type {id} ({type.Name}) has no shape."),
        };
    }

    private int TakeIndex() => _count++;

    private T Register<T>(uint id, Rule? outer, T node)
        where T : CallNode
    {
        _nodes.Add((id, outer), node);
        return node;
    }

    private CallObject NewRecord(RecordShape shape, Rule[] rules) => new() { Index = TakeIndex(), Rules = rules, Key = shape.HasKey ? shape.Key : null };

    private CallTuple NewTuple(TupleShape shape, Rule[] rules) =>
        new() { Index = TakeIndex(), Rules = rules, Required = shape.Elements.Count(element => !element.Optional) };

    private CallScalar LiteralsOf(Literal[] literals, Rule[] rules)
    {
        var kind = literals[0].ValueCase switch
        {
            Literal.ValueOneofCase.Text => CallKinds.Text,
            Literal.ValueOneofCase.Number => CallKinds.Number,
            Literal.ValueOneofCase.Boolean => CallKinds.Boolean,
            _ => throw new SchemaException("A literal type has no value."),
        };
        var subject = kind == CallKinds.Text ? CallSubject.Text : kind == CallKinds.Number ? CallSubject.Number : CallSubject.None;
        return new CallScalar(kind, Expectation.AnyOf([.. literals.Select(UnionTags.TextOf)]), subject) { Index = TakeIndex(), Rules = rules, Literals = literals };
    }

    private CallNode PrimitiveOf(TypeSchema type, Rule[] rules) => type.Primitive switch
    {
        Primitive.String => new CallScalar(CallKinds.Text, "a string", CallSubject.Text) { Index = TakeIndex(), Rules = rules },
        Primitive.Number => new CallScalar(CallKinds.Number, "a number", CallSubject.Number) { Index = TakeIndex(), Rules = rules },
        Primitive.Boolean => new CallScalar(CallKinds.Boolean, "a boolean") { Index = TakeIndex(), Rules = rules },
        Primitive.Null => new CallScalar(CallKinds.Null, "null") { Index = TakeIndex(), Rules = rules },
        Primitive.Date => new CallScalar(CallKinds.Date, "a Date", CallSubject.Date) { Index = TakeIndex(), Rules = rules },
        Primitive.Bigint => new CallScalar(CallKinds.BigInt, "a bigint", CallSubject.BigInt) { Index = TakeIndex(), Rules = rules },
        Primitive.Decimal => new CallScalar(CallKinds.Decimal, "a Decimal", CallSubject.Decimal) { Index = TakeIndex(), Rules = rules },
        Primitive.Bytes => new CallScalar(CallKinds.Bytes, BytesOf(type.BytesClass), CallSubject.Bytes) { Index = TakeIndex(), Rules = rules, BytesClass = type.BytesClass },
        Primitive.Any => new CallAny { Index = TakeIndex(), Rules = rules },
        _ => throw new SchemaException(string.Create(CultureInfo.InvariantCulture, $"Type {type.Name} is of an unknown primitive, {type.Primitive}.")),
    };

    private static string BytesOf(BytesClass bytesClass) => bytesClass switch
    {
        BytesClass.ArrayBuffer => "an ArrayBuffer",
        BytesClass.Buffer => "a Buffer",
        _ => "a Uint8Array",
    };

    private CallObject Link(CallObject node, ObjectShape shape)
    {
        node.Fields = [.. shape.Fields.Select(field => new CallField(field, NodeOf(field.Type)))];
        node.Patterns = [.. shape.Patterns.Select(pattern => (pattern.Key, NodeOf(pattern.Value)))];
        node.Additional = shape.HasAdditional ? NodeOf(shape.Additional) : null;
        return node;
    }

    private CallObject Link(CallObject node, RecordShape shape)
    {
        node.Additional = NodeOf(shape.Value);
        return node;
    }

    private CallList Link(CallList node, uint element)
    {
        node.Element = NodeOf(element);
        return node;
    }

    private CallMap Link(CallMap node, MapShape shape)
    {
        (node.Key, node.Value) = (NodeOf(shape.Key), NodeOf(shape.Value));
        return node;
    }

    private CallTuple Link(CallTuple node, TupleShape shape)
    {
        node.Elements = [.. shape.Elements.Select(element => NodeOf(element.Type))];
        node.Rest = shape.HasRest ? NodeOf(shape.Rest) : null;
        node.Trailing = [.. shape.Trailing.Select(element => NodeOf(element.Type))];
        return node;
    }

    private CallNode UnionOf(uint id, Rule? outer, TypeSchema type, Rule[] rules)
    {
        var options = UnionOptions.Of(type, TypeOf);
        if (options.OnlyTexts is { } texts)
        {
            return Register(id, outer, LiteralsOf(Texts(texts), rules));
        }

        var tags = options.FindTags(TypeOf);
        var union = Register(id, outer, new CallUnion { Index = TakeIndex(), Rules = [], Names = options.Names, Tags = tags });
        union.Options = [.. options.All.Select(option => option.Texts is { } texts ? LiteralsOf(Texts(texts), rules) : NodeOf(option.Id, type.Rule))];
        return union;
    }

    private static Literal[] Texts(IReadOnlyList<string> texts) => [.. texts.Select(text => new Literal { Text = text })];
}
