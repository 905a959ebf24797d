using System.Globalization;
using System.Text;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

/// <summary>Writes a schema artifact for people.</summary>
/// <param name="schema">The artifact.</param>
internal sealed class ArtifactPrinter(Application schema)
{
    private readonly StringBuilder _text = new();
    private readonly TypePrinter _types = new(schema);

    /// <summary>The whole artifact.</summary>
    public string Print()
    {
        Line($"application {schema.Name}");
        Line($"  built by {schema.Build?.Generator} with TypeScript {schema.Build?.TypescriptVersion}");
        Line($"  bundle   sha256 {Convert.ToHexStringLower(schema.Build?.BundleSha256.ToByteArray() ?? [])}");
        Line($"  format   {schema.FormatVersion}");
        for (var index = 0; index < schema.Services.Count; index++)
        {
            PrintService(schema.Services[index], schema.Endpoints.Where(endpoint => endpoint.Service == index));
        }

        _text.Append(new ResourcePrinter(schema, _types).Print());
        var named = schema.Types_.Where(TypePrinter.IsDefined).ToList();
        if (named.Count > 0)
        {
            Line("");
            Line("types");
            named.ForEach(PrintType);
        }

        return _text.ToString();
    }

    private void PrintService(ServiceSchema service, IEnumerable<EndpointSchema> endpoints)
    {
        Line("");
        Line($"service {service.Name}{(service.Folder.Length > 0 ? $" ({service.Folder})" : "")}");
        foreach (var endpoint in endpoints)
        {
            PrintEndpoint(endpoint);
        }
    }

    private void PrintEndpoint(EndpointSchema endpoint)
    {
        var path = "/" + string.Join('/', endpoint.Path.Select(Segment));
        var request = endpoint.HasRequest ? _types.Use(endpoint.Request) : "";
        var response = endpoint.HasResponse ? _types.Use(endpoint.Response) : "void";
        Line($"  {string.Join('|', endpoint.Methods)} {path}{Flags(endpoint)}");
        Line($"    {endpoint.Name}({request}): {response}{Place(endpoint.Position)}");
        if (endpoint.Stream is { } stream)
        {
            Line($"      in {(stream.HasIncoming ? _types.Use(stream.Incoming) : "nothing")}, out {(stream.HasOutgoing ? _types.Use(stream.Outgoing) : "nothing")}");
        }

        if (endpoint.Static is { } files)
        {
            Line($"      files of ./{files.Dir}{(files.NotFound.Length > 0 ? $", else ./{files.NotFound}" : "")}");
        }
    }

    private static string Segment(PathSegment segment) => segment.Kind switch
    {
        PathSegmentKind.Parameter => ":" + segment.Value,
        PathSegmentKind.Wildcard => "*" + segment.Value,
        PathSegmentKind.Fallback => "!" + segment.Value,
        _ => segment.Value,
    };

    private static string Flags(EndpointSchema endpoint)
    {
        var flags = new List<string> { endpoint.Expose ? "exposed" : "private" };
        if (endpoint.Auth)
        {
            flags.Add("auth");
        }

        if (endpoint.Sensitive)
        {
            flags.Add("sensitive");
        }

        if (endpoint.Kind is not (EndpointKind.Typed or EndpointKind.Unspecified))
        {
            flags.Add(endpoint.Kind.ToString());
        }

        if (endpoint.BodyLimit is { } limit)
        {
            flags.Add(limit.Unlimited ? "any body size" : string.Create(CultureInfo.InvariantCulture, $"body ≤ {limit.Bytes} bytes"));
        }

        return $"  [{string.Join(", ", flags.Concat(endpoint.Tags.Select(tag => "#" + tag)))}]";
    }

    private void PrintType(TypeSchema type)
    {
        if (type.ShapeCase != TypeSchema.ShapeOneofCase.Object)
        {
            Line($"  {type.Name} = {_types.Shape(type)}{Place(type.Position)}");
            return;
        }

        Line($"  {type.Name}{Place(type.Position)}");
        foreach (var field in _types.Fields(type.Object))
        {
            Line("    " + field);
        }
    }

    private string Place(SourcePosition? position) =>
        position is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  // {schema.Files[(int)position.File]}:{position.Line}:{position.Column}");

    private void Line(string line) => _text.Append(line).Append('\n');
}
