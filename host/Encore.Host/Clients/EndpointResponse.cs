using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>What a method of a client gives its caller.</summary>
/// <param name="Type">The type, as TypeScript; null for nothing.</param>
/// <param name="Reading">How it is made of the answer <c>response</c>, in the notation of both languages.</param>
internal sealed record EndpointResponse(string? Type, string Reading)
{
    /// <summary>What an endpoint answers.</summary>
    public static EndpointResponse Of(EndpointSchema endpoint, ClientTypes types)
    {
        if (!endpoint.HasResponse)
        {
            return new EndpointResponse(Type: null, "");
        }

        var type = types.TypeOf(endpoint.Response);
        if (type.ShapeCase != TypeSchema.ShapeOneofCase.Object || type.Object.Fields.All(field => field.Wire is null))
        {
            var plain = types.Use(endpoint.Response);
            return new EndpointResponse(plain, $"return (await answerOf(response))« as {plain}»;");
        }

        var isHidden = type.Object.Fields.Any(field => field.Wire?.Kind == WireKind.Cookie);
        var name = isHidden
            ? types.Own((int)endpoint.Service, Identifiers.Type(endpoint.Name) + "Response", type.Doc, Seen(type.Object, types), type.Object)
            : types.Use(endpoint.Response);
        var headers = type.Object.Fields
            .Where(field => field.Wire?.Kind == WireKind.Header)
            .Select(field => $"{Identifiers.Member(field.Name)}: [{ScriptText.Quoted(field.Wire.Name)}, \"{KindOf(field.Type, types)}\"]");
        var status = type.Object.Fields.FirstOrDefault(field => field.Wire?.Kind == WireKind.HttpStatus);
        var arguments = $"{{ {string.Join(", ", headers)} }}".Replace("{  }", "{}", StringComparison.Ordinal) + (status is null ? "" : $", {ScriptText.Quoted(status.Name)}");
        return new EndpointResponse(name, $"return (await answerOf(response, {arguments}))« as {name}»;");
    }

    /// <summary>All but the cookies, which browsers keep from scripts.</summary>
    private static List<ClientField> Seen(ObjectShape shape, ClientTypes types) =>
        [.. shape.Fields.Where(field => field.Wire?.Kind != WireKind.Cookie).Select(field => new ClientField(field.Name, types.Use(field.Type), field.Optional, field.Doc))];

    /// <summary>How a header's text is read: as a number or boolean where it can be nothing else.</summary>
    private static string KindOf(uint type, ClientTypes types)
    {
        var schema = types.TypeOf(type);
        return schema.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Array => KindOf(schema.Array.Element, types) + "s",
            TypeSchema.ShapeOneofCase.Union when schema.Union.Options.Select(option => KindOf(option, types)).Distinct(StringComparer.Ordinal).ToList() is [var only] => only,
            TypeSchema.ShapeOneofCase.Primitive when schema.Primitive == Primitive.Number => "number",
            TypeSchema.ShapeOneofCase.Primitive when schema.Primitive == Primitive.Boolean => "boolean",
            TypeSchema.ShapeOneofCase.Literal when schema.Literal.ValueCase == Literal.ValueOneofCase.Number => "number",
            TypeSchema.ShapeOneofCase.Literal when schema.Literal.ValueCase == Literal.ValueOneofCase.Boolean => "boolean",
            _ => "text",
        };
    }
}
