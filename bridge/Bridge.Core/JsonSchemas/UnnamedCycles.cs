using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Types that lead back to themselves through types without a definition: written out, they would never end.</summary>
public sealed class UnnamedCycles
{
    private readonly Application _application;
    private readonly Func<uint, bool> _isNamed;
    private readonly HashSet<uint> _open = [];
    private readonly HashSet<uint> _done = [];
    private readonly HashSet<uint> _found = [];

    private UnnamedCycles(Application application, Func<uint, bool> isNamed)
    {
        _application = application;
        _isNamed = isNamed;
    }

    /// <summary>Finds a type of each such circle.</summary>
    /// <param name="application">The artifact.</param>
    /// <param name="isNamed">Whether a type has a definition anyway.</param>
    public static IReadOnlyCollection<uint> In(Application application, Func<uint, bool> isNamed)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(isNamed);
        var search = new UnnamedCycles(application, isNamed);
        for (var id = 0u; id < application.Types_.Count; id++)
        {
            search.Visit(id);
        }

        return search._found;
    }

    private void Visit(uint id)
    {
        if (_isNamed(id) || _done.Contains(id))
        {
            return;
        }

        if (!_open.Add(id))
        {
            _found.Add(id);
            return;
        }

        foreach (var part in TypeParts.Of(_application.Types_[(int)id]))
        {
            Visit(part);
        }

        _open.Remove(id);
        _done.Add(id);
    }
}
