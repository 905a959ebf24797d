using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("v8")]
    [InlineData("jint")]
    public async Task Run_TypeScriptFile_Answers(string engine)
    {
        _folder.Write("app.ts", Applications.Hello);

        using var program = CliProcess.Start(_folder, "run", "app.ts", "--port", "0", "--engine", engine);
        var address = await program.AddressAsync();

        Assert.Equal("""{"text":"hello","id":7}""", await _client.GetStringAsync(new Uri(address, "/hello/7")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync(new Uri(address, "/hello/x"))).StatusCode);
        program.Terminate();
        Assert.Equal(ExitCodes.Ok, (await program.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Run_Folder_ServesAllItsServices()
    {
        _folder.WriteShop();

        using var program = CliProcess.Start(_folder, "run", "--port", "0");
        var address = await program.AddressAsync();

        Assert.Equal("""{"id":4,"total":{"amount":8,"currency":"EUR"}}""", await _client.GetStringAsync(new Uri(address, "/orders/4")));
        using var body = new StringContent("""{"item":"pen"}""", Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(address, "/stock"), body);
        Assert.Equal("""{"left":3}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("dist/app.js")]
    [InlineData("dist")]
    public async Task Run_WhatBuildMade_AnswersWithoutTheSources(string path)
    {
        _folder.Write("app.ts", Applications.Hello);
        await CliProcess.RunAsync(_folder, "build", "app.ts");
        File.Delete(_folder["app.ts"]);

        using var program = CliProcess.Start(_folder, "run", path, "--port", "0");
        var address = await program.AddressAsync();

        Assert.Equal("""{"text":"hello","id":7}""", await _client.GetStringAsync(new Uri(address, "/hello/7")));
        Assert.False(Directory.Exists(_folder[".encore"]));
    }

    [Fact]
    public async Task Run_PlainJavaScript_TakesTypesFromJsDoc()
    {
        _folder.Write(
            "app.js",
            """
            import { api } from "encore.dev/api";

            export const twice = api(
              { method: "GET", path: "/twice/:n", expose: true },
              /** @param {{ n: number }} request @returns {Promise<{ n: number }>} */
              async ({ n }) => ({ n: 2 * n }),
            );
            """);

        using var program = CliProcess.Start(_folder, "run", "app.js", "--port", "0");
        var address = await program.AddressAsync();

        Assert.Equal("""{"n":42}""", await _client.GetStringAsync(new Uri(address, "/twice/21")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync(new Uri(address, "/twice/x"))).StatusCode);
    }

    [Fact]
    public async Task Run_HandlerThatThrows_LogsTheStackOfTheSource()
    {
        _folder.Write(
            "app.ts",
            """
            import { api } from "encore.dev/api";

            interface Answer { n: number }

            function fail(): never {
              throw new Error("on purpose");
            }

            export const bad = api({ method: "GET", path: "/bad", expose: true }, async (): Promise<Answer> => fail());
            """);
        using var program = CliProcess.Start(_folder, "run", "app.ts", "--port", "0");
        var address = await program.AddressAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.GetAsync(new Uri(address, "/bad"))).StatusCode);
        program.Terminate();
        var log = (await program.EndAsync()).Error;

        Assert.Contains("on purpose", log, StringComparison.Ordinal);
        Assert.Contains("app.ts:6:9", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PORT", "{0}")]
    [InlineData("ENCORE_LISTEN_ADDR", "127.0.0.1:{0}")]
    public async Task Run_PortFromTheEnvironment_IsListenedOn(string name, string format)
    {
        _folder.Write("app.ts", Applications.Hello);
        int port;
        using (var free = new TakenPort())
        {
            port = free.Number;
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = string.Format(CultureInfo.InvariantCulture, format, port) };
        using var program = CliProcess.Start(_folder, environment, "run", "app.ts");

        Assert.Equal(port, (await program.AddressAsync()).Port);
    }

    [Fact]
    public async Task Run_PortInUse_IsOneClearLine()
    {
        _folder.Write("app.ts", Applications.Hello);
        using var taken = new TakenPort();

        var result = await CliProcess.RunAsync(_folder, "run", "app.ts", "--port", taken.Number.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(ExitCodes.Environment, result.ExitCode);
        Assert.Contains(taken.Number.ToString(CultureInfo.InvariantCulture), result.Error.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ApplicationWithErrors_ShowsThemAndDoesNotStart()
    {
        _folder.Write("app.ts", Applications.Hello + "const x: number = '';\nexport { x };\n");

        var result = await CliProcess.RunAsync(_folder, "run", "app.ts", "--port", "0");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("app.ts:10:7 - error TS2322", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Run_BundleThatWasChanged_IsRefused()
    {
        await BuildAsync();
        File.AppendAllText(_folder["dist/app.js"], "\n");

        await AssertRefusedAsync("doesn't belong to the app.schema.pb beside it");
    }

    [Fact]
    public async Task Run_SchemaOfAnotherBuild_IsRefused()
    {
        await BuildAsync();
        var bundle = File.ReadAllBytes(_folder["dist/app.js"]);
        _folder.Write("app.ts", Applications.Hello.Replace("hello", "goodbye", StringComparison.Ordinal));
        await BuildAsync();
        File.WriteAllBytes(_folder["dist/app.js"], bundle);

        await AssertRefusedAsync("their checksums differ");
    }

    [Fact]
    public async Task Run_DamagedSchema_IsRefused()
    {
        await BuildAsync();
        var schema = File.ReadAllBytes(_folder["dist/app.schema.pb"]);
        File.WriteAllBytes(_folder["dist/app.schema.pb"], schema[..(schema.Length / 2)]);

        await AssertRefusedAsync("isn't a schema artifact, or it is damaged");
    }

    [Fact]
    public async Task Run_EmptySchema_IsRefused()
    {
        await BuildAsync();
        File.WriteAllBytes(_folder["dist/app.schema.pb"], []);

        await AssertRefusedAsync("isn't a schema artifact, or it is damaged");
    }

    [Fact]
    public async Task Run_NewerFormat_IsRefused()
    {
        await BuildAsync();
        var schema = Bridge.Core.Schema.Application.Parser.ParseFrom(File.ReadAllBytes(_folder["dist/app.schema.pb"]));
        schema.FormatVersion = 1000;
        File.WriteAllBytes(_folder["dist/app.schema.pb"], Google.Protobuf.MessageExtensions.ToByteArray(schema));

        await AssertRefusedAsync("has format version 1000; this encore-host reads up to 1");
    }

    [Fact]
    public async Task Run_BundleThatIsGone_IsRefused()
    {
        await BuildAsync();
        File.Delete(_folder["dist/app.js"]);

        var result = await CliProcess.RunAsync(_folder, "run", "dist/app.js", "--port", "0");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("dist/app.js doesn't exist", result.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InAPipe_PrintsNothingButBannerAndLog()
    {
        _folder.Write("app.ts", Applications.Hello);

        using var program = CliProcess.Start(_folder, "run", "app.ts", "--port", "0");
        await program.AddressAsync();
        program.Terminate();
        var result = await program.EndAsync();

        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    private Task<CliResult> BuildAsync()
    {
        if (!File.Exists(_folder["app.ts"]))
        {
            _folder.Write("app.ts", Applications.Hello);
        }

        return CliProcess.RunAsync(_folder, "build", "app.ts");
    }

    private async Task AssertRefusedAsync(string expected)
    {
        var result = await CliProcess.RunAsync(_folder, "run", "dist/app.js", "--port", "0");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  help: ", lines[1], StringComparison.Ordinal);
    }
}
