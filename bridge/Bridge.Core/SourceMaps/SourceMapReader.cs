namespace Bridge.Core.SourceMaps;

/// <summary>
/// Answers where a position of generated code came from (source map revision 3, https://tc39.es/ecma426/).
/// </summary>
/// <remarks>
/// The map is read and decoded at the first question: a process whose code never throws never pays for it.
/// A map that can't be read or is malformed answers null to everything; a wrong stack must not hide the error it belongs to.
/// Thread: any.
/// </remarks>
public sealed class SourceMapReader
{
    private readonly Lazy<SourceMap?> _map;

    /// <summary>Reads the map from memory or elsewhere when first asked.</summary>
    /// <param name="read">Gives the map's JSON, UTF-8; called at most once.</param>
    public SourceMapReader(Func<byte[]> read) => _map = new Lazy<SourceMap?>(() => Load(read));

    /// <summary>Reads the map from a file when first asked.</summary>
    public static SourceMapReader FromFile(string path) => new(() => File.ReadAllBytes(path));

    /// <summary>The source position as <c>file:line:column</c>; null where the map has none.</summary>
    /// <param name="line">1-based line of the generated code.</param>
    /// <param name="column">1-based column in UTF-16 units.</param>
    public string? Map(int line, int column) => Locate(line, column)?.ToString();

    /// <summary>The source position; null where the map has none.</summary>
    /// <param name="line">1-based line of the generated code.</param>
    /// <param name="column">1-based column in UTF-16 units.</param>
    public SourceLocation? Locate(int line, int column) => _map.Value?.Find(line, column);

    private static SourceMap? Load(Func<byte[]> read)
    {
        try
        {
            return SourceMapParser.Parse(read());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
