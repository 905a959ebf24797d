using Encore.Cli.Tests.Support;
using Encore.Host.Compiler.Caching;

namespace Encore.Cli.Tests.Compiler;

public sealed class BuildManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_OfFormat_GivesTheSame()
    {
        var manifest = Create();

        var parsed = BuildManifest.Parse(manifest.Format());

        Assert.NotNull(parsed);
        Assert.Equal(manifest.Tool, parsed.Tool);
        Assert.Equal(manifest.Files, parsed.Files);
        Assert.Equal(manifest.Folders, parsed.Folders);
        Assert.Equal(manifest.Missing, parsed.Missing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tool\nnonsense\n")]
    [InlineData("tool\nfile\t1\n")]
    [InlineData("tool\nfile\tx\ty\tz\t/a\n")]
    public void Parse_SomethingElse_IsNull(string text) => Assert.Null(BuildManifest.Parse(text));

    [Fact]
    public void Holds_NothingChanged_IsTrue()
    {
        Assert.True(Create().Holds("tool", out var touched));
        Assert.False(touched);
    }

    [Fact]
    public void Holds_AnotherTool_IsFalse() => Assert.False(Create().Holds("newer tool", out _));

    [Fact]
    public void Holds_SameContentAtAnotherTime_IsTrueAndTouched()
    {
        var manifest = Create();
        File.SetLastWriteTimeUtc(_folder["a.ts"], DateTime.UnixEpoch);

        Assert.True(manifest.Holds("tool", out var touched));
        Assert.True(touched);
        Assert.True(manifest.Restamped().Holds("tool", out touched));
        Assert.False(touched);
    }

    [Fact]
    public void Holds_OtherContentOfTheSameSize_IsFalse()
    {
        var manifest = Create();
        _folder.Write("a.ts", "let b");
        File.SetLastWriteTimeUtc(_folder["a.ts"], DateTime.UnixEpoch);

        Assert.False(manifest.Holds("tool", out _));
    }

    [Fact]
    public void Holds_FileGone_IsFalse()
    {
        var manifest = Create();
        File.Delete(_folder["a.ts"]);

        Assert.False(manifest.Holds("tool", out _));
    }

    [Fact]
    public void Holds_MissingFileAppeared_IsFalse()
    {
        var manifest = Create();
        _folder.Write("tsconfig.json", "{}");

        Assert.False(manifest.Holds("tool", out _));
    }

    [Fact]
    public void Holds_SourceAppearedInAFolder_IsFalse()
    {
        var manifest = Create();
        _folder.Write("b.ts", "");

        Assert.False(manifest.Holds("tool", out _));
    }

    [Fact]
    public void Holds_OutputAppearedInAFolder_IsTrue()
    {
        var manifest = Create();
        _folder.Write("dist/app.js", "").Write(".encore/x", "").Write("notes.md", "");

        Assert.True(manifest.Holds("tool", out _));
    }

    [Fact]
    public void ContentHash_OtherTimes_IsTheSame()
    {
        var manifest = Create();
        File.SetLastWriteTimeUtc(_folder["a.ts"], DateTime.UnixEpoch);

        Assert.Equal(manifest.ContentHash(_folder.Root), manifest.Restamped().ContentHash(_folder.Root));
    }

    private BuildManifest Create()
    {
        _folder.Write("a.ts", "let a");
        return new BuildManifest(
            "tool",
            [FileStamp.Of(_folder["a.ts"])!],
            [(_folder.Root, FolderListing.HashOf(_folder.Root))],
            [_folder["tsconfig.json"]]);
    }
}
