using System.Text;
using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>Writes the methods of a service's class, one for each endpoint, in the notation of both languages.</summary>
internal sealed class MethodWriter(ClientTypes types)
{
    /// <summary>Whether any stream was written.</summary>
    public bool HasStreams { get; private set; }

    /// <summary>The method that calls an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">The method's name.</param>
    public string Write(EndpointSchema endpoint, string name) => endpoint.Kind switch
    {
        EndpointKind.Raw => Raw(endpoint, name),
        EndpointKind.Static => Static(endpoint, name),
        EndpointKind.StreamIn or EndpointKind.StreamOut or EndpointKind.StreamInOut => Stream(endpoint, name),
        _ => Typed(endpoint, name),
    };

    private string Typed(EndpointSchema endpoint, string name)
    {
        HashSet<string> taken = new(StringComparer.Ordinal) { "params", "options", "response", "rest" };
        var method = MethodOf(endpoint);
        var request = EndpointRequest.Of(endpoint, method, types, taken);
        var response = EndpointResponse.Of(endpoint, types);
        var call = $"await this.#base.call({ScriptText.Quoted(method)}, {Path(endpoint, request.Parameters)}, {request.Parts ?? "{}"}, options);";
        List<string> body = [request.Opening, response.Type is null ? call : $"const response = {call}", response.Reading];
        return Method(endpoint, name, [.. request.Parameters, Options], response.Type ?? "void", body);
    }

    private string Raw(EndpointSchema endpoint, string name)
    {
        HashSet<string> taken = new(StringComparer.Ordinal) { "method", "body", "options" };
        var request = EndpointRequest.Of(WithoutTypes(endpoint), MethodOf(endpoint), types, taken);
        var methods = endpoint.Methods.Contains("*") ? "string" : string.Join(" | ", endpoint.Methods.Select(ScriptText.Quoted));
        List<MethodParameter> parameters = [new("method", methods, IsOptional: false), .. request.Parameters, new("body", "BodyInit | null", IsOptional: false) { Default = "null" }, Options];
        string[] body = [$"return await this.#base.send(method, {Path(endpoint, request.Parameters)}, {{}}, {{ body }}, options);"];
        return Method(endpoint, name, parameters, "Response", body);
    }

    private string Static(EndpointSchema endpoint, string name)
    {
        HashSet<string> taken = new(StringComparer.Ordinal) { "options" };
        var request = EndpointRequest.Of(WithoutTypes(endpoint), "GET", types, taken);
        string[] body = [$"return await this.#base.send(\"GET\", {Path(endpoint, request.Parameters)}, {{}}, {{}}, options);"];
        return Method(endpoint, name, [.. request.Parameters, Options], "Response", body);
    }

    private string Stream(EndpointSchema endpoint, string name)
    {
        HasStreams = true;
        HashSet<string> taken = new(StringComparer.Ordinal) { "params", "rest" };
        var request = EndpointRequest.Of(endpoint, "GET", types, taken);
        var sent = endpoint.Stream is { HasIncoming: true } incoming ? types.Use(incoming.Incoming) : "undefined";
        var got = endpoint.Stream is { HasOutgoing: true } outgoing ? types.Use(outgoing.Outgoing) : "undefined";
        var stream = endpoint.Kind switch
        {
            // Named from the caller's side, as the classes are.
            EndpointKind.StreamIn => ("StreamOut", $"{sent}, {(endpoint.HasResponse ? types.Use(endpoint.Response) : "undefined")}"),
            EndpointKind.StreamOut => ("StreamIn", got),
            _ => ("StreamInOut", $"{sent}, {got}"),
        };
        string[] body = [request.Opening, $"return new {stream.Item1}(await this.#base.open({Path(endpoint, request.Parameters)}, {request.Parts ?? "{}"}));"];
        return Method(endpoint, name, request.Parameters, $"{stream.Item1}<{stream.Item2}>", body);
    }

    private static MethodParameter Options => new("options", "CallParameters", IsOptional: true) { Default = "" };

    private static string Method(EndpointSchema endpoint, string name, IReadOnlyList<MethodParameter> parameters, string type, IReadOnlyList<string> body)
    {
        var text = new StringBuilder();
        var doc = endpoint.Doc.Length == 0 ? [] : endpoint.Doc.Split('\n');
        text.Append('«').Append(ScriptText.Doc("  ", doc)).Append("»‹");
        text.Append(ScriptText.Doc("  ", [.. doc, .. parameters.Select(parameter => parameter.Doc), $"@returns {{Promise<{type}>}}"])).Append('›');
        text.Append("  async ").Append(name).Append('(').AppendJoin(", ", parameters.Select(parameter => parameter.Declaration)).Append(")«: Promise<").Append(type).Append(">» {\n");
        foreach (var line in body.Where(line => line.Length > 0))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        return text.Append("  }\n").ToString();
    }

    private static string Path(EndpointSchema endpoint, IReadOnlyList<MethodParameter> parameters)
    {
        var text = new StringBuilder();
        var next = 0;
        foreach (var segment in endpoint.Path)
        {
            text.Append('/').Append(segment.Kind switch
            {
                PathSegmentKind.Literal => ScriptText.InTemplate(Uri.EscapeDataString(segment.Value)),
                PathSegmentKind.Parameter => $"${{segment({parameters[next++].Name})}}",
                _ => $"${{segments({parameters[next++].Name})}}",
            });
        }

        var path = text.Length == 0 ? "/" : text.ToString();
        return path.Contains("${", StringComparison.Ordinal) ? $"`{path}`" : ScriptText.Quoted(path);
    }

    // Of several methods the first one; where any will do, one that can carry what there is to carry.
    private static string MethodOf(EndpointSchema endpoint) => endpoint.Methods switch
    {
        ["*", ..] or [] => endpoint.HasRequest ? "POST" : "GET",
        [var first, ..] => first,
    };

    private static EndpointSchema WithoutTypes(EndpointSchema endpoint)
    {
        var plain = endpoint.Clone();
        plain.ClearRequest();
        return plain;
    }
}
