using Encore.Cli.Tests.Support;
using Encore.Host.Compiler;

namespace Encore.Cli.Tests.Compiler;

public sealed class ApplicationSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("encore.app")]
    [InlineData("package.json")]
    public void From_FileBelowAMarker_HasTheMarkersFolderAsRoot(string marker)
    {
        _folder.Write(marker, "{}").Write("a/b/app.ts", "");

        Assert.Equal(new ApplicationSource(_folder.Root, _folder["a/b/app.ts"]), ApplicationSource.From(_folder["a/b/app.ts"]));
    }

    [Fact]
    public void From_FileWithoutMarkers_HasItsOwnFolderAsRoot()
    {
        _folder.Write("a/app.ts", "");

        Assert.Equal(_folder["a"], ApplicationSource.From(_folder["a/app.ts"]).Root);
    }

    [Fact]
    public void From_Folder_TakesEverythingInIt() => Assert.Equal(new ApplicationSource(_folder.Root, Entry: null), ApplicationSource.From(_folder.Root + "/"));

    [Fact]
    public void From_Declarations_AreNoSource()
    {
        _folder.Write("app.d.ts", "");

        Assert.Throws<SourceNotFoundException>(() => ApplicationSource.From(_folder["app.d.ts"]));
    }

    [Fact]
    public void BuiltBundle_NeedsTheSchemaBesideIt()
    {
        _folder.Write("dist/app.js", "");
        Assert.Null(ApplicationSource.BuiltBundle(_folder["dist"]));

        _folder.Write("dist/app.schema.pb", "");
        Assert.Equal(_folder["dist/app.js"], ApplicationSource.BuiltBundle(_folder["dist"]));
        Assert.Equal(_folder["dist/app.js"], ApplicationSource.BuiltBundle(_folder["dist/app.js"]));
        Assert.Null(ApplicationSource.BuiltBundle(_folder["dist/app.ts"]));
    }
}
