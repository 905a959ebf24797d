using System.Globalization;
using Bridge.Core.Schema;
using Encore.Host.OpenApi;

namespace Encore.Host.Clients;

/// <summary>How a method of a client hands over what its caller gives it.</summary>
/// <param name="Parameters">Its parameters, but for the options at the end.</param>
/// <param name="Opening">What comes before the request; a statement, or nothing.</param>
/// <param name="Parts">The request's parts as an object; null for a request without any.</param>
internal sealed record EndpointRequest(IReadOnlyList<MethodParameter> Parameters, string Opening, string? Parts)
{
    private const string Whole = "params";

    /// <summary>What an endpoint takes.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">The method it is called with.</param>
    /// <param name="types">The types.</param>
    /// <param name="taken">Variables that the method has anyway; its own are added.</param>
    public static EndpointRequest Of(EndpointSchema endpoint, string method, ClientTypes types, HashSet<string> taken)
    {
        var segments = EndpointPath.Of(endpoint).Parameters;
        var type = endpoint.HasRequest ? types.TypeOf(endpoint.Request) : null;
        var shape = type?.ShapeCase == TypeSchema.ShapeOneofCase.Object ? type.Object : null;
        List<MethodParameter> parameters = [.. segments.Select(segment => PathParameter(segment, shape, types, taken))];
        if (type is null)
        {
            return new EndpointRequest(parameters, "", Parts: null);
        }

        if (shape is null)
        {
            parameters.Add(new MethodParameter(Whole, types.Use(endpoint.Request), IsOptional: false));
            return new EndpointRequest(parameters, "", $"{{ body: {Whole} }}");
        }

        var places = new FieldPlaces(segments, method);
        List<Field> fields = [.. shape.Fields.Where(field => places.Of(field) != FieldPlace.Path && field.Wire?.Kind != WireKind.HttpStatus)];
        var isOpen = shape.HasAdditional || shape.Patterns.Count > 0;
        if (fields.Count == 0 && !isOpen)
        {
            return new EndpointRequest(parameters, "", places.IsBodyDefault && segments.Count < shape.Fields.Count ? "{ body: {} }" : null);
        }

        var isOptional = fields.TrueForAll(field => field.Optional || places.Of(field) == FieldPlace.Cookie);
        var isWhole = fields.Count == shape.Fields.Count && fields.TrueForAll(field => places.Of(field) != FieldPlace.Cookie);
        var name = isWhole
            ? types.Use(endpoint.Request)
            : types.Own((int)endpoint.Service, Identifiers.Type(endpoint.Name) + "Params", type.Doc, [.. fields.Select(field => ParameterField(field, places, types))], isOpen ? shape : null);
        parameters.Add(new MethodParameter(Whole, name, isOptional));
        if (places.IsBodyDefault && fields.TrueForAll(field => places.Of(field) == FieldPlace.Body))
        {
            return new EndpointRequest(parameters, "", $"{{ body: {Whole} }}");
        }

        return Split(parameters, fields, places, isOpen, taken);
    }

    private static EndpointRequest Split(IReadOnlyList<MethodParameter> parameters, List<Field> fields, FieldPlaces places, bool isOpen, HashSet<string> taken)
    {
        var rest = places.IsBodyDefault ? FieldPlace.Body : FieldPlace.Query;
        List<string> variables = [];
        List<string> parts = [];
        foreach (var (place, member) in new[] { (FieldPlace.Query, "query"), (FieldPlace.Header, "headers"), (FieldPlace.Cookie, "cookies") })
        {
            List<string> entries = [];
            foreach (var field in fields.Where(field => places.Of(field) == place))
            {
                var variable = Identifiers.Unique(Identifiers.Variable(field.Name), taken);
                variables.Add(variable == field.Name ? variable : $"{Identifiers.Member(field.Name)}: {variable}");
                var wire = field.Wire is { Name.Length: > 0 } named ? named.Name : field.Name;
                entries.Add(wire == variable ? variable : $"{Identifiers.Member(wire)}: {variable}");
            }

            if (isOpen && rest == place)
            {
                entries.Add("...rest");
            }

            if (entries.Count > 0)
            {
                parts.Add($"{member}: {{ {string.Join(", ", entries)} }}");
            }
        }

        if (places.IsBodyDefault)
        {
            var body = fields.Exists(field => places.Of(field) == FieldPlace.Body) || isOpen ? Identifiers.Unique("body", taken) : null;
            parts.Add(body switch { null => "body: {}", "body" => body, _ => $"body: {body}" });
            if (body is not null)
            {
                variables.Add($"...{body}");
            }
        }
        else if (isOpen)
        {
            variables.Add("...rest");
        }

        return new EndpointRequest(parameters, $"const {{ {string.Join(", ", variables)} }} = {Whole};", $"{{ {string.Join(", ", parts)} }}");
    }

    private static MethodParameter PathParameter(PathSegment segment, ObjectShape? shape, ClientTypes types, HashSet<string> taken)
    {
        var name = Identifiers.Unique(Identifiers.Variable(segment.Value), taken);
        if (segment.Kind is PathSegmentKind.Wildcard or PathSegmentKind.Fallback)
        {
            return new MethodParameter(name, "string | readonly string[]", IsOptional: false);
        }

        var field = shape?.Fields.FirstOrDefault(field => field.Name == segment.Value && field.Wire is null);
        return new MethodParameter(name, field is null ? "string" : types.Use(field.Type), IsOptional: false);
    }

    private static ClientField ParameterField(Field field, FieldPlaces places, ClientTypes types)
    {
        if (places.Of(field) != FieldPlace.Cookie)
        {
            return new ClientField(field.Name, types.Use(field.Type), field.Optional, field.Doc);
        }

        // A cookie's type is an object whose value travels. Browsers send it by themselves, so nobody has to give it.
        var value = types.TypeOf(field.Type).Object?.Fields.FirstOrDefault(member => member.Name == "value")?.Type ?? field.Type;
        var doc = string.Create(CultureInfo.InvariantCulture, $"{field.Doc}{(field.Doc.Length > 0 ? "\n\n" : "")}A cookie: browsers send their own.");
        return new ClientField(field.Name, types.Use(value), IsOptional: true, doc);
    }
}

/// <summary>A parameter of a client's method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as TypeScript.</param>
/// <param name="IsOptional">Whether callers may leave it out; it is an empty object then.</param>
internal sealed record MethodParameter(string Name, string Type, bool IsOptional)
{
    /// <summary>What it is where it is left out; empty for nothing, null where that isn't allowed.</summary>
    public string? Default { get; init; } = IsOptional ? "{}" : null;

    /// <summary>Its declaration, in the notation of both languages.</summary>
    public string Declaration => $"{Name}«{(Default is "" ? "?" : "")}: {Type}»{(string.IsNullOrEmpty(Default) ? "" : $" = {Default}")}";

    /// <summary>Its line in JSDoc.</summary>
    public string Doc => $"@param {{{Type}}} {(Default is null ? Name : $"[{Name}]")}";
}
