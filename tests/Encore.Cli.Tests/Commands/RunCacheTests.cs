using Encore.Cli.Tests.Support;

namespace Encore.Cli.Tests.Commands;

/// <summary>`run` builds what has changed and only that.</summary>
public sealed class RunCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_NothingChanged_TakesTheEarlierBuild()
    {
        _folder.WriteShop();
        await GetAsync("/orders/1");
        var built = Assert.Single(Builds());

        await GetAsync("/orders/1");

        Assert.Equal(built, Assert.Single(Builds()));
    }

    [Fact]
    public async Task Run_FileTouched_TakesTheEarlierBuild()
    {
        _folder.WriteShop();
        await GetAsync("/orders/1");
        var built = Assert.Single(Builds());
        File.SetLastWriteTimeUtc(_folder["orders/orders.ts"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await GetAsync("/orders/1");

        Assert.Equal(built, Assert.Single(Builds()));
    }

    [Fact]
    public async Task Run_FileChangedAndBack_BuildsOnceForEachContent()
    {
        _folder.WriteShop();
        var original = File.ReadAllText(_folder["shared/money.ts"]);
        Assert.Contains("\"amount\":2,", await GetAsync("/orders/1"), StringComparison.Ordinal);
        File.WriteAllText(_folder["shared/money.ts"], original.Replace("({ amount,", "({ amount: amount * 10,", StringComparison.Ordinal));

        Assert.Contains("\"amount\":20,", await GetAsync("/orders/1"), StringComparison.Ordinal);

        Assert.Equal(2, Builds().Count);
        File.WriteAllText(_folder["shared/money.ts"], original);
        Assert.Contains("\"amount\":2,", await GetAsync("/orders/1"), StringComparison.Ordinal);
        Assert.Equal(2, Builds().Count);
    }

    [Fact]
    public async Task Run_FileAdded_IsServed()
    {
        _folder.WriteShop();
        await GetAsync("/orders/1");
        _folder.Write("orders/more.ts", Applications.Hello);

        Assert.Equal("""{"text":"hello","id":3}""", await GetAsync("/hello/3"));
    }

    [Fact]
    public async Task Run_FolderAdded_IsServed()
    {
        _folder.WriteShop();
        await GetAsync("/orders/1");
        _folder.Write("greetings/hello.ts", Applications.Hello);

        Assert.Equal("""{"text":"hello","id":3}""", await GetAsync("/hello/3"));
    }

    [Fact]
    public async Task Run_ConfigurationThatAppears_CountsFromThenOn()
    {
        _folder.Write("app.ts", Applications.Hello + "function unused(x) { return x; }\nexport const u = unused(1);\n")
            .Write("tsconfig.json", """{ "compilerOptions": { "strict": false, "noImplicitAny": false } }""");
        await GetAsync("/hello/1", "app.ts");
        File.WriteAllText(_folder["tsconfig.json"], """{ "compilerOptions": { "strict": true } }""");

        var result = await CliProcess.RunAsync(_folder, "run", "app.ts", "--port", "0");

        Assert.Contains("TS7006", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DependencyChanged_IsBuiltAnew()
    {
        _folder.Write("node_modules/tiny/package.json", """{ "name": "tiny", "type": "module", "exports": { "types": "./main.d.ts", "default": "./main.js" } }""")
            .Write("node_modules/tiny/main.d.ts", "export function tiny(): string;\n")
            .Write("node_modules/tiny/main.js", "export const tiny = () => 'one';\n")
            .Write("app.ts", $"import {{ tiny }} from \"tiny\";\n{Applications.Hello.Replace("\"hello\"", "tiny()", StringComparison.Ordinal)}");
        Assert.Contains("one", await GetAsync("/hello/1", "app.ts"), StringComparison.Ordinal);
        _folder.Write("node_modules/tiny/main.js", "export const tiny = () => 'two';\n");

        Assert.Contains("two", await GetAsync("/hello/1", "app.ts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TypesThatNameAPackageWithoutTypes_TakesTheEarlierBuild()
    {
        _folder.Write("node_modules/events/package.json", """{ "name": "events", "main": "./events.js" }""")
            .Write("node_modules/events/events.js", "exports.Emitter = class {};\n")
            .Write("node_modules/@types/things/package.json", """{ "name": "@types/things", "types": "index.d.ts" }""")
            .Write("node_modules/@types/things/events.d.ts", "declare module \"events\" { export class Emitter {} }\n")
            .Write("node_modules/@types/things/index.d.ts", "/// <reference path=\"events.d.ts\" />\ndeclare module \"things\" { import { Emitter } from \"events\"; export type Thing = Emitter; }\n")
            .Write("tsconfig.json", """{ "compilerOptions": { "types": ["things"] } }""")
            .Write("app.ts", Applications.Hello);
        await GetAsync("/hello/1", "app.ts");
        var built = Assert.Single(Builds());

        await GetAsync("/hello/1", "app.ts");

        Assert.Equal(built, Assert.Single(Builds()));
    }

    [Fact]
    public async Task Run_CacheFolder_StaysOutOfGit()
    {
        _folder.Write("app.ts", Applications.Hello);

        await GetAsync("/hello/1", "app.ts");

        Assert.Equal("*\n", File.ReadAllText(_folder[".encore/.gitignore"]));
    }

    [Fact]
    public async Task Run_FolderThatCannotBeWritten_KeepsBuildsInTheUsersCache()
    {
        using var cache = new TemporaryFolder();
        _folder.Write("app.ts", Applications.Hello).Write(".encore", "a file where the folder should be");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = cache.Root };

        for (var start = 0; start < 2; start++)
        {
            using var program = CliProcess.Start(_folder, environment, "run", "app.ts", "--port", "0");
            Assert.Equal("""{"text":"hello","id":1}""", await _client.GetStringAsync(new Uri(await program.AddressAsync(), "/hello/1")));
        }

        Assert.Single(Directory.GetFiles(cache["encore-host/build"], "app.js", SearchOption.AllDirectories));
    }

    private List<(string Name, DateTime Written)> Builds() =>
        [.. Directory.GetDirectories(_folder[".encore/build"]).Select(build => (build, File.GetLastWriteTimeUtc(Path.Combine(build, "app.js"))))];

    private async Task<string> GetAsync(string path, string application = ".")
    {
        using var program = CliProcess.Start(_folder, "run", application, "--port", "0");
        var answer = await _client.GetStringAsync(new Uri(await program.AddressAsync(), path));
        program.Terminate();
        await program.EndAsync();
        return answer;
    }
}
