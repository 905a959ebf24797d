using System.Runtime.InteropServices;

namespace Bridge.Core.SourceMaps;

/// <summary>A decoded source map.</summary>
/// <param name="sources">The sources' names.</param>
/// <param name="lineStarts">Per generated line (0-based) the index of its first segment; one more entry ends the last line.</param>
/// <param name="segments">Segments by generated line and column.</param>
/// <remarks>Thread: any; immutable.</remarks>
internal sealed class SourceMap(string[] sources, int[] lineStarts, SourceMapSegment[] segments)
{
    /// <summary>The source of a generated position, both 1-based; null where the nearest segment before it has none.</summary>
    public SourceLocation? Find(int line, int column)
    {
        if (line < 1 || line >= lineStarts.Length)
        {
            return null;
        }

        var start = lineStarts[line - 1];
        var ofLine = segments.AsSpan(start, lineStarts[line] - start);
        var low = 0;
        var high = ofLine.Length - 1;
        var found = -1;
        while (low <= high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (ofLine[middle].GeneratedColumn <= column - 1)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        if (found < 0 || (uint)ofLine[found].Source >= (uint)sources.Length)
        {
            return null;
        }

        ref readonly var segment = ref ofLine[found];
        return new SourceLocation(sources[segment.Source], segment.Line + 1, segment.Column + 1);
    }
}

/// <summary>One mapping; all numbers 0-based.</summary>
/// <param name="GeneratedColumn">Where in its generated line it starts.</param>
/// <param name="Source">Index of the source; -1 for code that comes from none.</param>
/// <param name="Line">Line in the source.</param>
/// <param name="Column">Column in the source.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourceMapSegment(int GeneratedColumn, int Source, int Line, int Column);
