using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;
using Google.Protobuf;

namespace Encore.Cli.Tests.Commands;

public sealed class GenOpenApiTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GenOpenApi_Artifact_IsTheGoldenDocument()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], Library.Application().ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal("openapi.json", result.Output);
    }

    [Fact]
    public async Task GenOpenApi_EveryShapeAndRule_IsTheGoldenDocument()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], EveryType.Application().ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal("openapi-types.json", result.Output);
    }

    [Fact]
    public async Task GenOpenApi_Sources_WritesTheFileAndSaysSo()
    {
        _folder.WriteShop();

        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", "-o", "api/openapi.json", "--api-version", "2.1.0", "--server", "https://shop.example");

        Assert.Equal((ExitCodes.Ok, "", "described shop: 2 operations → api/openapi.json\n"), (result.ExitCode, result.Error, result.Output));
        using var document = JsonDocument.Parse(File.ReadAllText(_folder["api/openapi.json"]));
        Assert.Equal("2.1.0", document.RootElement.GetProperty("info").GetProperty("version").GetString());
        Assert.Equal("https://shop.example", document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal(["/orders/{id}", "/stock"], document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name));
    }

    [Fact]
    public async Task GenOpenApi_BuiltFolder_IsTheSameDocument()
    {
        _folder.WriteShop();
        var fromSources = await CliProcess.RunAsync(_folder, "gen", "openapi");
        Assert.Equal(ExitCodes.Ok, (await CliProcess.RunAsync(_folder, "build")).ExitCode);

        var fromBuild = await CliProcess.RunAsync(_folder, "gen", "openapi", "dist");

        Assert.Equal((ExitCodes.Ok, fromSources.Output), (fromBuild.ExitCode, fromBuild.Output));
    }

    [Fact]
    public async Task GenOpenApi_All_DescribesPrivateEndpointsToo()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], Library.Application().ToByteArray());

        var exposed = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.schema.pb");
        var all = await CliProcess.RunAsync(_folder, "gen", "openapi", ".", "--all");
        Assert.DoesNotContain("library.reindex", exposed.Output, StringComparison.Ordinal);
        Assert.Contains("library.reindex", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenOpenApi_PathsOfOneForm_LeavesOutTheOneThatGivesWay()
    {
        var application = Library.Application();
        var fallback = new EndpointSchema { Name = "other", Methods = { "GET" }, Expose = true, Kind = EndpointKind.Typed };
        fallback.Path.Add(new PathSegment { Kind = PathSegmentKind.Literal, Value = "books" });
        fallback.Path.Add(new PathSegment { Kind = PathSegmentKind.Fallback, Value = "rest" });
        application.Endpoints.Insert(0, fallback);
        File.WriteAllBytes(_folder["app.schema.pb"], application.ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.schema.pb");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Equal("warning: GET of library.other is left out: another endpoint answers paths of this form first.\n", result.Error);
        Assert.Contains("library.get", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("library.other", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenOpenApi_SourcesWithErrors_ShowsThemAndWritesNothing()
    {
        _folder.Write("app.ts", "import { api } from \"encore.dev/api\";\nexport const a = api({ path: \"/a\" }, async (): Promise<{ f: () => void }> => 1);\n");

        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.ts", "-o", "openapi.json");

        Assert.Equal((ExitCodes.ApplicationErrors, ""), (result.ExitCode, result.Output));
        Assert.Contains("app.ts:2", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["openapi.json"]));
    }

    [Theory]
    [InlineData("missing.schema.pb", ExitCodes.Usage, "doesn't exist")]
    [InlineData("missing", ExitCodes.Usage, "There is no file or folder missing.")]
    public async Task GenOpenApi_NoSuchPath_IsOneClearLine(string path, int code, string message)
    {
        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", path);

        Assert.Equal((code, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenOpenApi_UnknownOption_NamesTheCommandsHelp()
    {
        var result = await CliProcess.RunAsync(_folder, "gen", "openapi", ".", "--yaml");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("`encore-host gen openapi --help` lists what there is", result.Error, StringComparison.Ordinal);
    }
}
