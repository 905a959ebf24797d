using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.Tests.Http;

/// <summary>Where secrets come from, and what happens without.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        runtime.bind("app.ts", { secret: endpoint(({ name }) => ({ value: runtime.secret(name), inEnv: String(process.env[name]) })) });
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-host-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Plain", "abc def")]
    [InlineData("Spaced", "x")]
    [InlineData("Quoted", "a\nb")]
    [InlineData("Single", "it's $raw")]
    [InlineData("Exported", "e")]
    [InlineData("Equals", "a=b=")]
    [InlineData("Empty", "")]
    [InlineData("FromCue", "c\"d")]
    [InlineData("Both", "lines")]
    [InlineData("Configured", "from config")]
    public async Task Get_Secret_ComesFromItsPlace(string name, string value)
    {
        Write(".secrets.local", "# mine\nPlain=abc def\n Spaced = x \nQuoted=\"a\\nb\"\nSingle='it's $raw'\nexport Exported=e\nEquals=a=b=\nEmpty=\nBoth=lines\nConfigured=local\n");
        Write(".secrets.local.cue", "// mine\nFromCue: \"c\\\"d\"\nBoth: \"cue\" // later\n");
        await using var host = await StartAsync(HostEnvironment.Production, new Dictionary<string, string> { ["Configured"] = "from config" });

        var response = await host.GetAsync("/secret?name=" + name);

        Assert.Equal((value, "undefined"), (response.Json.GetProperty("value").GetString(), response.Json.GetProperty("inEnv").GetString()));
    }

    [Fact]
    public async Task Get_EnvironmentVariable_IsASecretAndBeatsTheFile()
    {
        Write(".secrets.local", "PATH=no\n");
        await using var host = await StartAsync(HostEnvironment.Production);

        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), (await host.GetAsync("/secret?name=PATH")).Json.GetProperty("value").GetString());
    }

    [Fact]
    public async Task Get_MissingInDevelopment_IsEmptyWithOneWarning()
    {
        await using var host = await StartAsync(HostEnvironment.Development);

        var first = await host.GetAsync("/secret?name=Nowhere");
        await host.GetAsync("/secret?name=Nowhere");

        Assert.Equal("", first.Json.GetProperty("value").GetString());
        Assert.Single(host.Logged(), line => line.GetProperty("message").GetString()!.StartsWith("the secret Nowhere isn't set and is empty here: write Nowhere=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_MissingInProduction_FailsThatCallAndNamesIt()
    {
        await using var host = await StartAsync(HostEnvironment.Production);

        var response = await host.GetAsync("/secret?name=Nowhere");

        response.AssertError(500, "internal", "an internal error occurred");
        Assert.Contains(host.LoggedOf(response), line => line.TryGetProperty("error", out var error)
            && error.GetString()!.StartsWith("Error: the secret Nowhere isn't set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_LineThatCannotBeRead_IsNamedAndNotShown()
    {
        Write(".secrets.local", "Good=1\nhunter2 without a name\n");
        Write(".secrets.local.cue", "Bad: hunter2\n");
        await using var host = await StartAsync(HostEnvironment.Development);

        var messages = host.Logged().Select(line => line.GetProperty("message").GetString()!).ToArray();

        Assert.Contains(".secrets.local:2: this line isn't of the form NAME=value, and is ignored", messages);
        Assert.Contains(".secrets.local.cue:1: this line isn't of the form Name: \"value\", and is ignored", messages);
        Assert.DoesNotContain(messages, message => message.Contains("hunter2", StringComparison.Ordinal));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private Task<TestHost> StartAsync(HostEnvironment environment, Dictionary<string, string>? configured = null)
    {
        var schema = new TestSchema();
        schema.Endpoint(
            "secret",
            "GET",
            "/secret",
            schema.Object(TestSchema.Required("name", schema.Text)),
            schema.Object(TestSchema.Required("value", schema.Text), TestSchema.Required("inEnv", schema.Text)));
        var options = TestHost.Options with
        {
            Environment = environment,
            Infrastructure = new InfrastructureConfig { Secrets = configured ?? [] },
        };
        return TestHost.StartAsync(options, new LoadedApplication(schema.Build(), Bundle, "/nowhere/app.js", SourceMapPath: null, _folder.FullName));
    }
}
