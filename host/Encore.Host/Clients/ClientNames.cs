using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Encore.Host.Clients;

/// <summary>
/// What a client calls services and types: the same for the same sources. A type belongs to the service in whose folder it is declared;
/// those from elsewhere stand beside the services, in <c>types</c>.
/// </summary>
internal sealed class ClientNames
{
    private readonly Application _application;
    private readonly ClientLanguage _language;
    private readonly List<string> _services;
    private readonly string _shared;
    private readonly Dictionary<string, HashSet<string>> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, (string Space, string Name)> _types = [];

    private readonly IReadOnlySet<int> _used;

    /// <param name="application">The artifact.</param>
    /// <param name="language">The client's language.</param>
    /// <param name="used">The services that the client calls.</param>
    public ClientNames(Application application, ClientLanguage language, IReadOnlySet<int> used)
    {
        _used = used;
        _application = application;
        _language = language;
        HashSet<string> spaces = new(StringComparer.Ordinal) { "with", "constructor" };
        _services = [.. application.Services.Select(service => Identifiers.Unique(Identifiers.Variable(service.Name), spaces))];
        _shared = Identifiers.Unique("types", spaces);
        for (var id = 0u; id < application.Types_.Count; id++)
        {
            if (IsNamed(id))
            {
                Add(id, application.Types_[(int)id].Name);
            }
        }

        foreach (var id in UnnamedCycles.In(application, IsNamed).Order())
        {
            Add(id, "Recursive");
        }
    }

    /// <summary>The member of the client that a service is, and the namespace of its types.</summary>
    public string Service(int service) => _services[service];

    /// <summary>Whether the client calls a service; others merely have types.</summary>
    public bool IsUsed(int service) => _used.Contains(service);

    /// <summary>The class of a service.</summary>
    public string ServiceClass(int service) => Identifiers.Type(_services[service]) + "ServiceClient";

    /// <summary>The namespaces of types, in order.</summary>
    public IEnumerable<string> Spaces => _services.Append(_shared);

    /// <summary>A type's namespace and its name there; null where it is written out wherever it is used.</summary>
    public (string Space, string Name)? Of(uint type) => _types.TryGetValue(type, out var name) ? name : null;

    /// <summary>Names a type that is the client's own, within a service's namespace.</summary>
    public (string Space, string Name) Own(int service, string name) => (_services[service], Unique(_services[service], name));

    /// <summary>How a type is referred to.</summary>
    public string Reference((string Space, string Name) type) => _language == ClientLanguage.TypeScript ? $"{type.Space}.{type.Name}" : $"{type.Space}_{type.Name}";

    private void Add(uint id, string name)
    {
        var space = SpaceOf(_application.Types_[(int)id].Position);
        _types.Add(id, (space, Unique(space, Identifiers.Type(name))));
    }

    private string Unique(string space, string name)
    {
        if (!_taken.TryGetValue(space, out var taken))
        {
            taken = new HashSet<string>(StringComparer.Ordinal) { "ServiceClient" };
            _taken.Add(space, taken);
        }

        return Identifiers.Unique(name, taken);
    }

    /// <summary>The namespace of the service whose folder, of those around the file, is the innermost.</summary>
    private string SpaceOf(SourcePosition? position)
    {
        var file = position is null || position.File >= _application.Files.Count ? null : _application.Files[(int)position.File];
        var service = file is null
            ? -1
            : Enumerable.Range(0, _services.Count)
                .Where(index => Contains(_application.Services[index].Folder, file))
                .OrderByDescending(index => _application.Services[index].Folder.Length)
                .FirstOrDefault(-1);
        return service < 0 ? _shared : _services[service];
    }

    private static bool Contains(string folder, string file) => folder.Length == 0 || file.StartsWith(folder + "/", StringComparison.Ordinal);

    private bool IsNamed(uint id) => _application.Types_[(int)id] is
    {
        Name.Length: > 0,
        ShapeCase: not (TypeSchema.ShapeOneofCase.None or TypeSchema.ShapeOneofCase.Primitive or TypeSchema.ShapeOneofCase.Literal),
    };
}
