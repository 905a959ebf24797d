using System.Globalization;
using System.Runtime.InteropServices;

namespace Bridge.Core.SourceMaps;

/// <summary>A place in a source file.</summary>
/// <param name="File">As the map names it.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in UTF-16 units.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as editors and terminals make clickable.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
