using System.Globalization;
using System.Text;

namespace Bridge.Core.Calls;

/// <summary>Values that a script makes once, when it is loaded.</summary>
internal sealed class ScriptConstants
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly StringBuilder _declarations = new();

    /// <summary>The declarations of all constants so far.</summary>
    public string Declarations => _declarations.ToString();

    /// <summary>The name under which the value of an expression is known.</summary>
    public string NameOf(string expression)
    {
        if (!_names.TryGetValue(expression, out var name))
        {
            _names.Add(expression, name = string.Create(CultureInfo.InvariantCulture, $"k{_names.Count}"));
            _declarations.Append(CultureInfo.InvariantCulture, $"const {name}={expression};");
        }

        return name;
    }
}
