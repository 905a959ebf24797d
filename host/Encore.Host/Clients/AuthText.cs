using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>How a client brings what the application's auth handler takes, in the notation of both languages.</summary>
/// <param name="Type">The parameters' type; null where there is no auth handler that takes any.</param>
/// <param name="Parts">Where they travel: an object made of <c>auth</c>.</param>
internal sealed record AuthText(string? Type, string Parts)
{
    /// <summary>That of an application: its gateway's, else its only one.</summary>
    public static AuthText Of(Application application, ClientTypes types)
    {
        var gateway = application.Gateways.FirstOrDefault(gateway => gateway.HasAuthHandler);
        var handler = gateway is not null && gateway.AuthHandler < application.AuthHandlers.Count
            ? application.AuthHandlers[(int)gateway.AuthHandler]
            : application.AuthHandlers.FirstOrDefault();
        if (handler is null || !handler.HasParams || types.TypeOf(handler.Params).Object is not { Fields.Count: > 0 } shape)
        {
            return new AuthText(Type: null, "");
        }

        var places = new[] { (WireKind.Header, "headers"), (WireKind.Query, "query"), (WireKind.Cookie, "cookies") }
            .Select(place => (Member: place.Item2, Fields: shape.Fields.Where(field => field.Wire?.Kind == place.Item1).ToList()))
            .Where(place => place.Fields.Count > 0)
            .Select(place => $"{place.Member}: {{ {string.Join(", ", place.Fields.Select(Entry))} }}");
        List<ClientField> fields = [.. shape.Fields.Select(field => Parameter(field, types))];
        var type = fields.Exists(field => field.Doc.Length > 0 || shape.Fields.Any(other => other.Wire?.Kind == WireKind.Cookie))
            ? types.Own((int)handler.Service, "AuthParams", handler.Doc, fields, shape: null)
            : types.Use(handler.Params);
        return new AuthText(type, $"{{ {string.Join(", ", places)} }}");
    }

    /// <summary>What the runtime's text is filled with.</summary>
    public IReadOnlyDictionary<string, string> Values(string application) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["application"] = application,
        ["authOption"] = Type is null ? "" : $"  /** What authenticates requests, or a function that gives it for each of them. */\n  auth?: {Type} | (() => {Type} | undefined | Promise<{Type} | undefined>);\n",
        ["authBody"] = Type is null
            ? "    return await Promise.resolve(undefined);\n"
            : $"    const {{ auth: given }} = this.#options;\n    const auth = typeof given === \"function\" ? await given() : given;\n    if (auth === undefined) return undefined;\n    return {Parts};\n",
    };

    private static string Entry(Field field) =>
        $"{Identifiers.Member(field.Wire.Name.Length > 0 ? field.Wire.Name : field.Name)}: auth{(Identifiers.IsName(field.Name) ? $".{field.Name}" : $"[{ScriptText.Quoted(field.Name)}]")}";

    private static ClientField Parameter(Field field, ClientTypes types)
    {
        var isCookie = field.Wire?.Kind == WireKind.Cookie;
        var value = isCookie ? types.TypeOf(field.Type).Object?.Fields.FirstOrDefault(member => member.Name == "value")?.Type ?? field.Type : field.Type;
        return new ClientField(field.Name, types.Use(value), field.Optional || isCookie, field.Doc);
    }
}
