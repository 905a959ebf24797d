using System.Globalization;
using System.Text;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>The artifact's types as TypeScript, as they are on the wire: a date is a text, a Set an array.</summary>
internal sealed class ClientTypes(Application application, ClientNames names, ClientLanguage language)
{
    private readonly SortedDictionary<uint, string> _declared = [];
    private readonly List<(string Space, string Name, string Text)> _own = [];

    /// <summary>The type of an id.</summary>
    /// <exception cref="SchemaException">There is no such type.</exception>
    public TypeSchema TypeOf(uint id) =>
        id < application.Types_.Count ? application.Types_[(int)id] : throw new SchemaException($"The schema refers to type {id}, which it doesn't hold.");

    /// <summary>A type where it is used: by its name, or written out.</summary>
    public string Use(uint id)
    {
        if (names.Of(id) is not { } name)
        {
            return Shape(TypeOf(id));
        }

        if (!_declared.ContainsKey(id))
        {
            // The name is taken before the parts are written: those may lead back here.
            _declared.Add(id, "");
            _declared[id] = Declare(name, TypeOf(id));
        }

        return names.Reference(name);
    }

    /// <summary>An object of the client's own, by a name in a service's namespace.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">The name, or one close to it.</param>
    /// <param name="doc">What it is.</param>
    /// <param name="fields">Its fields; types are the fields' own, or those stated.</param>
    /// <param name="shape">The shape that it has undeclared fields from.</param>
    public string Own(int service, string name, string doc, IReadOnlyList<ClientField> fields, ObjectShape? shape)
    {
        var own = names.Own(service, name);
        _own.Add((own.Space, own.Name, Declare(own, doc, fields, shape)));
        return names.Reference(own);
    }

    /// <summary>The declarations of all types used so far, by namespace.</summary>
    public string Declarations()
    {
        var text = new StringBuilder();
        foreach (var space in names.Spaces)
        {
            var types = _declared.Where(type => names.Of(type.Key)?.Space == space).Select(type => type.Value);
            List<string> declarations = [.. types, .. _own.Where(type => type.Space == space).Select(type => type.Text)];
            text.Append(Declarations(space, declarations));
        }

        return text.ToString();
    }

    /// <summary>The fields of a shape as the client has them.</summary>
    public IEnumerable<ClientField> FieldsOf(ObjectShape shape) =>
        shape.Fields.Select(field => new ClientField(field.Name, Use(field.Type), field.Optional, field.Doc));

    private string Declarations(string space, List<string> declarations)
    {
        if (language == ClientLanguage.JavaScript)
        {
            return string.Concat(declarations.Select(declaration => declaration + "\n"));
        }

        var service = Enumerable.Range(0, application.Services.Count).FirstOrDefault(index => names.Service(index) == space, -1);
        if (service >= 0 && names.IsUsed(service))
        {
            declarations.Insert(0, $"  export type ServiceClient = {names.ServiceClass(service)};\n");
        }

        return declarations.Count == 0 ? "" : $"export namespace {space} {{\n{string.Join('\n', declarations)}}}\n\n";
    }

    private string Declare((string Space, string Name) name, TypeSchema type) =>
        type.ShapeCase == TypeSchema.ShapeOneofCase.Object
            ? Declare(name, type.Doc, [.. FieldsOf(type.Object)], type.Object)
            : Alias(name, type.Doc, Shape(type));

    private string Declare((string Space, string Name) name, string doc, IReadOnlyList<ClientField> fields, ObjectShape? shape)
    {
        var rest = shape is null ? "" : Undeclared(shape, fields);
        if (language == ClientLanguage.JavaScript || rest.Length > 0)
        {
            return Alias(name, doc, Object(fields) + rest);
        }

        var text = new StringBuilder(ScriptText.Doc("  ", doc)).Append(CultureInfo.InvariantCulture, $"  export interface {name.Name} {{\n");
        foreach (var field in fields)
        {
            text.Append(ScriptText.Doc("    ", field.Doc)).Append(CultureInfo.InvariantCulture, $"    {field.Text};\n");
        }

        return text.Append("  }\n").ToString();
    }

    private string Alias((string Space, string Name) name, string doc, string type) => language == ClientLanguage.JavaScript
        ? ScriptText.Doc("", doc.Length == 0 ? [$"@typedef {{{type}}} {names.Reference(name)}"] : [doc, $"@typedef {{{type}}} {names.Reference(name)}"])
        : $"{ScriptText.Doc("  ", doc)}  export type {name.Name} = {type};\n";

    private string Shape(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Primitive => Primitive(type.Primitive),
        TypeSchema.ShapeOneofCase.Literal => Literal(type.Literal),
        TypeSchema.ShapeOneofCase.Object => Object([.. FieldsOf(type.Object)]) + Undeclared(type.Object, [.. FieldsOf(type.Object)]),
        TypeSchema.ShapeOneofCase.Array => ListOf(Use(type.Array.Element)),
        TypeSchema.ShapeOneofCase.Set => ListOf(Use(type.Set.Element)),
        TypeSchema.ShapeOneofCase.Map => $"Array<[{Use(type.Map.Key)}, {Use(type.Map.Value)}]>",
        TypeSchema.ShapeOneofCase.Record => $"{{ [key: string]: {Use(type.Record.Value)} }}",
        TypeSchema.ShapeOneofCase.Union => Union(type.Union.Options.Select(Use)),
        TypeSchema.ShapeOneofCase.Tuple => Tuple(type.Tuple),
        _ => throw new SchemaException($"Type {type.Name} has no shape."),
    };

    private static string Primitive(Primitive primitive) => primitive switch
    {
        Bridge.Core.Schema.Primitive.Number => "number",
        Bridge.Core.Schema.Primitive.Boolean => "boolean",
        Bridge.Core.Schema.Primitive.Null => "null",
        Bridge.Core.Schema.Primitive.Any => "unknown",
        _ => "string", // dates, bigints, decimals and bytes are texts
    };

    private static string Literal(Literal literal) => literal.ValueCase switch
    {
        Bridge.Core.Schema.Literal.ValueOneofCase.Number => ScriptText.Number(literal.Number),
        Bridge.Core.Schema.Literal.ValueOneofCase.Boolean => literal.Boolean ? "true" : "false",
        _ => ScriptText.Quoted(literal.Text),
    };

    private static string Object(IReadOnlyList<ClientField> fields) => fields.Count == 0 ? "{}" : $"{{ {string.Join("; ", fields.Select(field => field.Text))} }}";

    /// <summary>What an object has besides its fields; TypeScript wants those to be of the same type, so it is told that undeclared ones may be.</summary>
    private string Undeclared(ObjectShape shape, IReadOnlyList<ClientField> fields)
    {
        List<string> values = [.. shape.Patterns.Select(pattern => Use(pattern.Value)), .. shape.HasAdditional ? [Use(shape.Additional)] : Array.Empty<string>()];
        if (values.Count == 0)
        {
            return "";
        }

        IEnumerable<string> missing = fields.Any(field => field.IsOptional) ? ["undefined"] : [];
        return $" & {{ [key: string]: {Union(values.Concat(fields.Select(field => field.Type)).Concat(missing))} }}";
    }

    private static string Union(IEnumerable<string> options)
    {
        List<string> distinct = [.. options.Distinct(StringComparer.Ordinal)];
        return distinct.Contains("unknown", StringComparer.Ordinal) ? "unknown" : string.Join(" | ", distinct);
    }

    private static string ListOf(string element) => element.All(unit => char.IsLetterOrDigit(unit) || unit is '.' or '_' or '$') ? $"{element}[]" : $"Array<{element}>";

    private string Tuple(TupleShape shape)
    {
        var hasLabels = shape.Elements.Concat(shape.Trailing).All(element => Identifiers.IsName(element.Label)) && !shape.HasRest;
        List<string> parts = [.. shape.Elements.Select(element => Element(element, hasLabels))];
        if (shape.HasRest)
        {
            parts.Add($"...{ListOf(Use(shape.Rest))}");
        }

        parts.AddRange(shape.Trailing.Select(element => Element(element, hasLabels)));
        return $"[{string.Join(", ", parts)}]";
    }

    private string Element(TupleElement element, bool hasLabels)
    {
        var mark = element.Optional ? "?" : "";
        var type = Use(element.Type);
        return hasLabels ? $"{element.Label}{mark}: {type}" : element.Optional ? $"({type})?" : type;
    }
}

/// <summary>A field of a client's type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as TypeScript.</param>
/// <param name="IsOptional">Whether it may be missing.</param>
/// <param name="Doc">What it is.</param>
internal sealed record ClientField(string Name, string Type, bool IsOptional, string Doc)
{
    /// <summary>Its declaration.</summary>
    public string Text => $"{Identifiers.Member(Name)}{(IsOptional ? "?" : "")}: {Type}";
}
