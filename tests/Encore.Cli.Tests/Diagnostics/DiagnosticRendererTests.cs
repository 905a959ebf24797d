using Encore.Cli.Tests.Support;
using Encore.Host.Diagnostics;

namespace Encore.Cli.Tests.Diagnostics;

public sealed class DiagnosticRendererTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Render_ErrorWithMemberAndHelp_ShowsAllParts()
    {
        _folder.Write("blog/post.ts", "interface Post {\n  id: number;\n  onSave: () => void;\n}\n\nexport {};\n");
        var diagnostic = new Diagnostic(
            DiagnosticSeverity.Error,
            "function-type",
            "A function can't travel in JSON.",
            new SourceSpan("blog/post.ts", 3, 3, 3, 9),
            "Post.onSave",
            "remove the field, or give it a type that JSON has");

        Golden.Equal("member-and-help.txt", Render(diagnostic));
    }

    [Fact]
    public void Render_Terminal_UsesColor()
    {
        _folder.Write("a.ts", "let x: number = 'a';\n");

        Golden.Equal("colored.txt", Render(TerminalStyle.Colored, Error("a.ts", 1, 5, 6, "Type 'string' is not assignable to type 'number'.")));
    }

    [Fact]
    public void Render_TabsBeforeTheSpan_AlignsCarets()
    {
        _folder.Write("a.ts", "\tif (x) {\n\t\tfoo\t(bar);\n\t}\n");

        Golden.Equal("tabs.txt", Render(Error("a.ts", 2, 7, 12, "tabs")));
    }

    [Fact]
    public void Render_WideCharacters_AlignsCarets()
    {
        _folder.Write("a.ts", "const 日本 = \"👍🏽é\"; const bad = 1;\n");

        Golden.Equal("wide.txt", Render(Error("a.ts", 1, 26, 29, "wide"), Error("a.ts", 1, 7, 9, "narrow")));
    }

    [Fact]
    public void Render_LongLine_ShowsThePartAroundTheSpan()
    {
        _folder.Write("a.js", $"{new string('a', 500)} bad {new string('b', 500)}\nnext\n");

        Golden.Equal("long.txt", Render(Error("a.js", 1, 502, 505, "long")));
    }

    [Fact]
    public void Render_SpanOverLines_MarksTheFirst()
    {
        _folder.Write("a.ts", "one(\n  two,\n  three);\n");
        var diagnostic = new Diagnostic(DiagnosticSeverity.Error, "", "spans lines", new SourceSpan("a.ts", 1, 1, 3, 9));

        Golden.Equal("lines.txt", Render(diagnostic));
    }

    [Fact]
    public void Render_RelatedPlacesAndSeveralLines_IndentsThem()
    {
        _folder.Write("a.ts", "const a = 1;\nconst a = 2;\n");
        var diagnostic = Error("a.ts", 2, 7, 8, "Declared twice.\nThe second hides the first.") with
        {
            Related = [new RelatedPlace(new SourceSpan("a.ts", 1, 7, 1, 8), "first here")],
        };

        Golden.Equal("related.txt", Render(diagnostic));
    }

    [Fact]
    public void Render_PlaceThatIsNotThere_LeavesTheFrameOut()
    {
        _folder.Write("a.ts", "x\n");

        Golden.Equal("no-frame.txt", Render(Error("a.ts", 99, 1, 2, "beyond the end"), Error("gone.ts", 1, 1, 2, "no such file"), Diagnostic.Error("app", "no place")));
    }

    [Fact]
    public void ToSorted_SameFindingOfTwoSources_IsShownOnce()
    {
        var list = new DiagnosticList();
        list.AddRange([Diagnostic.Error("z", "no place"), Error("b.ts", 2, 1, 2, "two"), Error("b.ts", 1, 1, 2, "one")]);
        list.AddRange([Error("a.ts", 9, 1, 2, "first"), Error("b.ts", 1, 1, 5, "one") with { Code = "other" }]);

        Assert.Equal(["first", "one", "two", "no place"], list.ToSorted().Select(item => item.Message));
        Assert.True(list.HasErrors);
    }

    [Fact]
    public void Render_Nothing_IsEmpty() => Assert.Equal("", Render());

    private static Diagnostic Error(string file, int line, int column, int endColumn, string message) =>
        new(DiagnosticSeverity.Error, "code", message, new SourceSpan(file, line, column, line, endColumn));

    private string Render(params Diagnostic[] diagnostics) => Render(TerminalStyle.Plain, diagnostics);

    private string Render(TerminalStyle style, params Diagnostic[] diagnostics) =>
        new DiagnosticRenderer(_folder.Root, style, _folder.Root).Render(diagnostics);
}
