using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Reporting;

/// <summary>Where in a request the report is: names and array indexes from the place's root.</summary>
internal sealed class ReportPath
{
    private readonly List<(string? Name, int Index)> _steps = [];

    /// <summary>The path as a JSON pointer (RFC 6901); "" at the root.</summary>
    public string Pointer
    {
        get
        {
            var pointer = new StringBuilder();
            foreach (var (name, index) in _steps)
            {
                pointer.Append(name is null ? string.Create(CultureInfo.InvariantCulture, $"/{index}") : Escape(name));
            }

            return pointer.ToString();
        }
    }

    /// <summary>The path as messages write it: <c>a.b[0].c</c>; "" at the root.</summary>
    public string Dotted
    {
        get
        {
            var dotted = new StringBuilder();
            foreach (var (name, index) in _steps)
            {
                if (name is null)
                {
                    dotted.Append(CultureInfo.InvariantCulture, $"[{index}]");
                }
                else
                {
                    dotted.Append(dotted.Length > 0 ? "." : "").Append(name);
                }
            }

            return dotted.ToString();
        }
    }

    /// <summary>How many steps from the root.</summary>
    public int Depth => _steps.Count;

    /// <summary>The first name: outside the body, what carries the value.</summary>
    public string Root => _steps.Count > 0 ? _steps[0].Name ?? "" : "";

    /// <summary>A name as a step of a JSON pointer.</summary>
    public static string Escape(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Steps into a named value.</summary>
    public void Push(string name) => _steps.Add((name, 0));

    /// <summary>Steps into an array's element.</summary>
    public void Push(int index) => _steps.Add((null, index));

    /// <summary>Steps out to a depth.</summary>
    public void Return(int depth) => _steps.RemoveRange(depth, _steps.Count - depth);

    /// <summary>Steps out.</summary>
    public void Pop() => _steps.RemoveAt(_steps.Count - 1);
}
