using System.Globalization;
using System.Text;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Which types get a definition of their own, and under what name: unique, and the same for the same sources.</summary>
internal sealed class DefinitionNames
{
    private readonly Application _application;
    private readonly Dictionary<uint, string> _names = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public DefinitionNames(Application application)
    {
        _application = application;
        var ids = Enumerable.Range(0, application.Types_.Count).Select(id => (uint)id).ToList();
        foreach (var group in ids.Where(IsNamed).GroupBy(id => Cleaned(TypeOf(id).Name), StringComparer.Ordinal))
        {
            foreach (var id in group)
            {
                // Of several types by one name none can claim it: each says where it comes from.
                _names.Add(id, Unique(group.Count() == 1 ? group.Key : Qualified(id, group.Key)));
            }
        }

        foreach (var id in UnnamedCycles.In(application, IsNamed).Order())
        {
            _names.Add(id, Unique("Recursive"));
        }
    }

    /// <summary>The name of a type's definition; null where it is written out wherever it is used.</summary>
    public string? Of(uint id) => _names.GetValueOrDefault(id);

    /// <summary>Takes a name for something else: that name, or one close to it.</summary>
    public string Unique(string name)
    {
        var unique = name;
        for (var number = 2; !_taken.Add(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}{number}");
        }

        return unique;
    }

    private TypeSchema TypeOf(uint id) => _application.Types_[(int)id];

    private bool IsNamed(uint id) =>
        TypeOf(id) is { Name.Length: > 0 } type
        && type.ShapeCase is not (TypeSchema.ShapeOneofCase.None or TypeSchema.ShapeOneofCase.Primitive or TypeSchema.ShapeOneofCase.Literal);

    private string Qualified(uint id, string name)
    {
        var position = TypeOf(id).Position;
        var file = position is null || position.File >= _application.Files.Count ? "" : _application.Files[(int)position.File];
        return file.Length == 0 ? name : $"{Cleaned(Path.ChangeExtension(file, extension: null))}.{name}";
    }

    // OpenAPI takes letters, digits, '.', '-' and '_' (OpenAPI 3.1, "Components Object"): Page<Post> is Page_Post.
    private static string Cleaned(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var unit in name)
        {
            if (char.IsAsciiLetterOrDigit(unit) || unit is '.' or '-' or '_')
            {
                text.Append(unit);
            }
            else if (text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }
        }

        var cleaned = text.ToString().Trim('_');
        return cleaned.Length == 0 ? "Type" : cleaned;
    }
}
