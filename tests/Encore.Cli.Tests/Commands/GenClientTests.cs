using Bridge.Core.Schema;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;
using Google.Protobuf;

namespace Encore.Cli.Tests.Commands;

public sealed class GenClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("library", "ts")]
    [InlineData("types", "ts")]
    [InlineData("chat", "ts")]
    [InlineData("chat", "js")]
    public async Task GenClient_Artifact_IsTheGoldenClient(string application, string language)
    {
        Write(application switch { "library" => Library.Application(), "types" => EveryType.Application(), _ => Chat.Application() });

        var result = await CliProcess.RunAsync(_folder, "gen", "client", "app.schema.pb", "--lang", language);

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal($"client-{application}.{language}.txt", result.Output);
    }

    [Fact]
    public async Task GenClient_Sources_WritesTheFileAndSaysSo()
    {
        _folder.WriteShop();

        var result = await CliProcess.RunAsync(_folder, "gen", "client", "-o", "web/client.js");

        Assert.Equal((ExitCodes.Ok, "", "generated shop: 2 endpoints → web/client.js\n"), (result.ExitCode, result.Error, result.Output));
        var again = await CliProcess.RunAsync(_folder, "gen", "client", "--lang", "js");
        Assert.Equal(again.Output, File.ReadAllText(_folder["web/client.js"]));
    }

    [Theory]
    [InlineData("--services rooms", "listen talk upload update")]
    [InlineData("--exclude-services rooms", "assets constructor2 hook")]
    [InlineData("--services rooms,user-files --tags beta,gamma", "update")]
    [InlineData("--services rooms --exclude-tags beta", "listen talk upload")]
    public async Task GenClient_Chosen_HasThoseEndpointsAlone(string options, string expected)
    {
        Write(Chat.Application());

        var result = await CliProcess.RunAsync(_folder, ["gen", "client", "app.schema.pb", .. options.Split(' ')]);

        var names = result.Output.Split('\n').Where(line => line.Contains(".bind(this)", StringComparison.Ordinal)).Select(line => line.Split('.')[1].Split(' ')[0]);
        Assert.Equal(expected, string.Join(' ', names));
    }

    [Fact]
    public async Task GenClient_PrivateEndpoint_IsLeftOut()
    {
        Write(Library.Application());

        var result = await CliProcess.RunAsync(_folder, "gen", "client", "app.schema.pb");

        Assert.DoesNotContain("reindex", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenClient_OpenApi_IsTheDocumentOfGenOpenApi()
    {
        Write(Library.Application());

        var client = await CliProcess.RunAsync(_folder, "gen", "client", "app.schema.pb", "--lang", "openapi");
        var document = await CliProcess.RunAsync(_folder, "gen", "openapi", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, document.Output), (client.ExitCode, client.Output));
    }

    [Fact]
    public async Task GenClient_UnknownLanguage_SaysWhichThereAre()
    {
        Write(Library.Application());

        var result = await CliProcess.RunAsync(_folder, "gen", "client", "app.schema.pb", "--lang", "cobol");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("'openapi'", result.Error, StringComparison.Ordinal);
    }

    private void Write(Application application) => File.WriteAllBytes(_folder["app.schema.pb"], application.ToByteArray());
}
