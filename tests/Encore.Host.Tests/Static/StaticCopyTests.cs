using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Static;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Static;

/// <summary>What a build puts beside a bundle, and that it is what is served.</summary>
public sealed class StaticCopyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-host-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_Application_HoldsWhatIsServedAndNothingElse()
    {
        Prepare();
        Write("app/dist/static/old.txt", "of an earlier build");

        StaticCopy.Write(Schema(), Place("app"), Place("app/dist"));

        Assert.Equal(
            ["pages/404.html", "public/a.txt", "public/link.txt", "public/sub/.well-known/b", "public/sub/index.html", "public/sub/linked.txt"],
            Directory.EnumerateFiles(Place("app/dist/static"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Place("app/dist/static"), file)).Order(StringComparer.Ordinal));
        Assert.Equal("linked", File.ReadAllText(Place("app/dist/static/public/link.txt")));
        Assert.Null(File.ResolveLinkTarget(Place("app/dist/static/public/link.txt"), returnFinalTarget: false));
    }

    [Fact]
    public async Task Get_BuiltApplication_IsServedFromBesideItsBundle()
    {
        Prepare();
        StaticCopy.Write(Schema(), Place("app"), Place("app/dist"));
        Directory.Move(Place("app/dist"), Place("deployed"));
        Directory.Delete(Place("app"), recursive: true);
        var built = new LoadedApplication(Schema(), "", Place("deployed/app.js"), SourceMapPath: null, Place("deployed"));
        await using var host = await TestHost.StartAsync(application: built);

        Assert.Equal("linked", (await host.GetAsync("/link.txt")).Body);
        Assert.Equal((404, "none"), await StatusAndBodyAsync(host, "/nowhere"));
    }

    private static async Task<(int Status, string Body)> StatusAndBodyAsync(TestHost host, string target)
    {
        var response = await host.GetAsync(target);
        return (response.Status, response.Body);
    }

    private void Prepare()
    {
        Write("app/public/a.txt", "a");
        Write("app/public/sub/index.html", "index");
        Write("app/public/sub/.well-known/b", "b");
        Write("app/public/.env", "hidden");
        Write("app/pages/404.html", "none");
        Write("app/pages/other.html", "not named");
        Write("app/outside.txt", "outside");
        Write("app/public/sub/linked.txt", "linked");
        File.CreateSymbolicLink(Place("app/public/link.txt"), Place("app/public/sub/linked.txt"));
        File.CreateSymbolicLink(Place("app/public/out.txt"), Place("app/outside.txt"));
    }

    private static Application Schema()
    {
        var schema = new TestSchema().Endpoint("files", "GET", "/*path").Build();
        schema.Endpoints[0].Kind = EndpointKind.Static;
        schema.Endpoints[0].Static = new StaticSchema { Dir = "public", NotFound = "pages/404.html" };
        return schema;
    }

    private string Place(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(path))!);
        File.WriteAllText(Place(path), text);
    }
}
