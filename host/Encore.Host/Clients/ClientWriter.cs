using System.Globalization;
using System.Text;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>Writes a client of an application: one file without dependencies; the same artifact gives the same text.</summary>
public sealed class ClientWriter
{
    private readonly Application _application;
    private readonly ClientOptions _options;
    private readonly ClientNames _names;
    private readonly ClientTypes _types;
    private readonly MethodWriter _methods;

    private ClientWriter(Application application, ClientOptions options)
    {
        _application = application;
        _options = options;
        _names = new ClientNames(application, options.Language, Included().Select(endpoint => (int)endpoint.Service).ToHashSet());
        _types = new ClientTypes(application, _names, options.Language);
        _methods = new MethodWriter(_types);
    }

    /// <summary>Writes the client.</summary>
    /// <param name="application">The artifact.</param>
    /// <param name="options">What it is to offer.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static ClientText Write(Application application, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(options);
        if (application.Endpoints.Any(endpoint => endpoint.Service >= application.Services.Count))
        {
            throw new SchemaException("An endpoint's service isn't in the schema.");
        }

        return new ClientWriter(application, options).Write();
    }

    private ClientText Write()
    {
        List<int> services = [.. Included().Select(endpoint => (int)endpoint.Service).Distinct()];
        var classes = string.Concat(services.Select(ServiceClass));
        var auth = AuthText.Of(_application, _types);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"// Made by `encore-host gen client` of {RuntimeText.Kept(_application.Name)}. Changes are lost when it is made again.\n/* eslint-disable */\n\n");
        text.Append(ClientClass(services)).Append('\n').Append(_types.Declarations()).Append(classes);
        text.Append(RuntimeText.Of("client", _options.Language, auth.Values(_application.Name)));
        if (_methods.HasStreams)
        {
            text.Append('\n').Append(RuntimeText.Of("streams", _options.Language));
        }

        return new ClientText(RuntimeText.Restored(text.ToString()), Included().Count());
    }

    private IEnumerable<EndpointSchema> Included() => _application.Endpoints.Where(
        endpoint => _options.Includes(_application.Services[(int)endpoint.Service].Name, endpoint.Tags, endpoint.Expose));

    private string ClientClass(List<int> services)
    {
        var text = new StringBuilder(ScriptText.Doc("", $"Calls {_application.Name}."));
        text.Append("export class Client {\n  «readonly »#target«: BaseURL»;\n  «readonly »#options«: ClientOptions»;\n");
        foreach (var service in services)
        {
            text.Append(ScriptText.Doc("  ", _application.Services[service].Doc));
            text.Append(CultureInfo.InvariantCulture, $"  «readonly »{_names.Service(service)}«: {_names.ServiceClass(service)}»;\n");
        }

        text.Append("\n  /**\n   * A client of the application as it is served somewhere.\n‹   * @param {string} [target]\n   * @param {object} [options] fetcher, webSocket, requestInit, auth\n›   */\n");
        text.Append("  constructor(target«: BaseURL» = Local, options«: ClientOptions» = {}) {\n    this.#target = target;\n    this.#options = options;\n    const base = new BaseClient(target, options);\n");
        foreach (var service in services)
        {
            text.Append(CultureInfo.InvariantCulture, $"    this.{_names.Service(service)} = new {_names.ServiceClass(service)}(base);\n");
        }

        text.Append("  }\n\n  /**\n   * A client with other options besides its own.\n‹   * @param {object} options\n   * @returns {Client}\n›   */\n");
        text.Append("  with(options«: ClientOptions»)«: Client» {\n    return new Client(this.#target, { ...this.#options, ...options });\n  }\n}\n\nexport default Client;\n");
        return RuntimeText.For(_options.Language, text.ToString());
    }

    private string ServiceClass(int service)
    {
        List<(EndpointSchema Endpoint, string Name)> methods = [];
        HashSet<string> taken = new(StringComparer.Ordinal) { "constructor" };
        foreach (var endpoint in Included().Where(endpoint => endpoint.Service == service))
        {
            methods.Add((endpoint, Identifiers.Unique(Identifiers.IsName(endpoint.Name) ? endpoint.Name : Identifiers.Variable(endpoint.Name), taken)));
        }

        var text = new StringBuilder(ScriptText.Doc("", $"The endpoints of {_application.Services[service].Name}."));
        text.Append(CultureInfo.InvariantCulture, $"class {_names.ServiceClass(service)} {{\n  «readonly »#base«: BaseClient»;\n\n  constructor(base«: BaseClient») {{\n    this.#base = base;\n");
        foreach (var (_, name) in methods)
        {
            // Methods are handed around by themselves: `useQuery({ queryFn: client.blog.list })`.
            text.Append(CultureInfo.InvariantCulture, $"    this.{name} = this.{name}.bind(this);\n");
        }

        text.Append("  }\n");
        foreach (var (endpoint, name) in methods)
        {
            text.Append('\n').Append(_methods.Write(endpoint, name));
        }

        return RuntimeText.For(_options.Language, text.Append("}\n\n").ToString());
    }
}

/// <summary>A client as text.</summary>
/// <param name="Text">The file's content.</param>
/// <param name="Endpoints">How many endpoints it calls.</param>
public sealed record ClientText(string Text, int Endpoints);
