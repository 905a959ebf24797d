using Acornima;
using Acornima.Ast;
using Encore.Host.Diagnostics;

namespace Encore.Host.SourceCheck;

/// <summary>What one JavaScript file imports, and the syntax error that it may have.</summary>
internal sealed class JavaScriptImports
{
    private readonly string _file;
    private readonly List<ImportSite> _sites = [];
    private readonly List<Acornima.Range> _guarded = [];

    private JavaScriptImports(string file) => _file = file;

    /// <summary>The syntax error; null where the file parses.</summary>
    public Diagnostic? SyntaxError { get; private set; }

    /// <summary>
    /// The imports with a fixed specifier, up to the syntax error if there is one; a <c>require</c> within <c>try</c> is a question, not
    /// a need, and isn't among them.
    /// </summary>
    public IEnumerable<ImportSite> Sites => _sites.Where(site => !(site.IsRequire && _guarded.Exists(range => Contains(range, site.Range))));

    /// <summary>Parses a file.</summary>
    /// <param name="file">What findings call it.</param>
    /// <param name="text">Its text.</param>
    public static JavaScriptImports Parse(string file, string text)
    {
        var asModule = new JavaScriptImports(file);
        if (asModule.TryParse(text, parser => parser.ParseModule(text)))
        {
            return asModule;
        }

        // CommonJS may hold what modules forbid, such as `with` or octal numbers.
        var asScript = new JavaScriptImports(file);
        return asScript.TryParse(text, parser => parser.ParseScript(text)) ? asScript : asModule;
    }

    private static bool Contains(Acornima.Range outer, Acornima.Range inner) => outer.Start <= inner.Start && inner.End <= outer.End;

    private bool TryParse(string text, Action<Parser> parse)
    {
        var options = new ParserOptions
        {
            EcmaVersion = EcmaVersion.Latest,
            AllowReturnOutsideFunction = true, // as Node's CommonJS wrapper does
            OnNode = (Node node, in OnNodeContext _) => Collect(node),
        };
        try
        {
            parse(new Parser(options));
            return true;
        }
        catch (ParseErrorException error)
        {
            SyntaxError = new Diagnostic(DiagnosticSeverity.Error, "syntax", error.Error?.Description ?? error.Message, SpanAt(text, error.LineNumber, error.Column));
            return false;
        }
    }

    private void Collect(Node node)
    {
        switch (node)
        {
            case ImportDeclaration { Source: { } source }:
                Add(source, isRequire: false);
                break;
            case ExportAllDeclaration { Source: { } source }:
                Add(source, isRequire: false);
                break;
            case ExportNamedDeclaration { Source: { } source }:
                Add(source, isRequire: false);
                break;
            case ImportExpression { Source: StringLiteral source }:
                Add(source, isRequire: false);
                break;
            case CallExpression { Callee: Identifier { Name: "require" }, Arguments: [StringLiteral source] }:
                Add(source, isRequire: true);
                break;
            case TryStatement { Block: { } block }:
                _guarded.Add(block.Range);
                break;
        }
    }

    private void Add(StringLiteral source, bool isRequire)
    {
        var (start, end) = (source.Location.Start, source.Location.End);
        var span = new SourceSpan(_file, start.Line, start.Column + 1, end.Line, end.Column + 1);
        _sites.Add(new ImportSite(source.Value, span, isRequire, source.Range));
    }

    /// <summary>The token at the error's place, so that carets mark it; the parser tells only where it starts.</summary>
    private SourceSpan SpanAt(string text, int line, int column)
    {
        var lines = text.Split(["\r\n", "\n", "\r", "\u2028", "\u2029"], StringSplitOptions.None);
        var content = line >= 1 && line <= lines.Length ? lines[line - 1] : "";
        var end = Math.Min(column, content.Length);
        while (end < content.Length && (char.IsLetterOrDigit(content[end]) || content[end] is '_' or '$'))
        {
            end++;
        }

        return new SourceSpan(_file, line, column + 1, line, Math.Max(end, column + 1) + 1);
    }
}

/// <summary>One import.</summary>
/// <param name="Specifier">What is imported.</param>
/// <param name="Span">Where the specifier stands, quotes included.</param>
/// <param name="IsRequire">Whether it is a call of <c>require</c>.</param>
/// <param name="Range">The same place as offsets.</param>
internal sealed record ImportSite(string Specifier, SourceSpan Span, bool IsRequire, Acornima.Range Range);
