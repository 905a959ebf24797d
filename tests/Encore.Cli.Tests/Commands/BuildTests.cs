using System.Security.Cryptography;
using Encore.Cli.Tests.Support;
using Encore.Host.Artifacts;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

public sealed class BuildTests : IDisposable
{
    private static readonly string[] Written = [ArtifactFiles.Bundle, ArtifactFiles.SourceMap, ArtifactFiles.Schema];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_Folder_WritesTheThreeFiles()
    {
        _folder.WriteShop();

        var result = await CliProcess.RunAsync(_folder, "build");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"^built shop: 2 endpoints → dist \(\d+\.\d\d s\)\n$", result.Output);
        Assert.Equal(Written.Order(StringComparer.Ordinal), FilesIn("dist"));
        var application = ApplicationLoader.Load(_folder["dist/app.js"]);
        Assert.Equal("shop", application.Name);
        Assert.Equal(["order", "count"], application.Schema.Endpoints.Select(endpoint => endpoint.Name));
        Assert.Contains("bind(\"orders/orders.ts\"", application.BundleText, StringComparison.Ordinal);
        Assert.DoesNotContain("bind(\"shared/money.ts\"", application.BundleText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OutputOption_WritesThere()
    {
        _folder.Write("app.ts", Applications.Hello);

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts", "-o", "out/deep");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Equal(Written.Order(StringComparer.Ordinal), FilesIn("out/deep"));
    }

    [Fact]
    public async Task Build_TwiceAndElsewhere_GivesTheSameBytes()
    {
        using var other = new TemporaryFolder();
        _folder.Write("shop/x", "").WriteShop();
        using var first = new TemporaryFolder();
        other.WriteShop();

        await CliProcess.RunAsync(_folder, "build", ".", "-o", first["one"]);
        await CliProcess.RunAsync(_folder, "build", ".", "-o", first["two/deeper"]);
        await CliProcess.RunAsync(first, "build", other.Root, "-o", "three");

        Assert.Equal(Hashes(first["one"]), Hashes(first["two/deeper"]));
        Assert.Equal(Hashes(first["one"]), Hashes(first["three"]));
    }

    [Fact]
    public async Task Build_TypeErrorsInSeveralFiles_ShowsAllAndWritesNothing()
    {
        _folder.WriteShop()
            .Write("stock/wrong.ts", "export const a: number = \"text\";\nexport const b: string = 1;\n")
            .Write("orders/wrong.ts", "missing();\nexport {};\n");

        var result = await CliProcess.RunAsync(_folder, "build");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("orders/wrong.ts:1:1 - error TS2304: Cannot find name 'missing'.", result.Error, StringComparison.Ordinal);
        Assert.Contains("stock/wrong.ts:1:14 - error TS2322", result.Error, StringComparison.Ordinal);
        Assert.Contains("stock/wrong.ts:2:14 - error TS2322", result.Error, StringComparison.Ordinal);
        Assert.Contains("  1 | missing();\n    | ^^^^^^^\n", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Found 3 errors in 2 files.\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["dist"]));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Build_TypeThatJsonCannotCarry_NamesMemberReasonAndWayOut()
    {
        _folder.Write(
            "app.ts",
            """
            import { api } from "encore.dev/api";
            interface Answer { nested: { onDone: () => void } }
            export const bad = api({ path: "/bad" }, async (): Promise<Answer> => ({ nested: { onDone() {} } }));
            """);

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Matches(@"app\.ts:2:\d+ - error [a-z-]+: ", result.Error);
        Assert.Matches(@"\n  member: \S*nested\.onDone\n", result.Error);
        Assert.Contains("\n  help: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("^", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_SyntaxError_IsShownInTheCheckersWords()
    {
        _folder.Write("app.ts", Applications.Hello + "export const = 5;\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("app.ts:10:14 - error TS1134: Variable declaration expected.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected", result.Error, StringComparison.Ordinal); // the bundler's words for it
    }

    [Theory]
    [InlineData("node:child_process", "node-module: Node's module \"node:child_process\" isn't available in the isolate.")]
    [InlineData("node:quantum", "unresolved-import: Node has no module \"node:quantum\".")]
    [InlineData("child_process", "node-module: Node's module \"child_process\" isn't available in the isolate.")]
    [InlineData("left-pad", "unresolved-import: The package \"left-pad\" isn't installed.")]
    [InlineData("./lost", "unresolved-import: \"./lost\" leads to no file.")]
    [InlineData("encore.dev/apis", "unresolved-import: This encore-host has no module \"encore.dev/apis\".")]
    [InlineData("https://example.com/x.js", "import-scheme: Imports by \"https:\" aren't possible")]
    public async Task Build_ImportThatCannotBe_IsExplainedOnce(string specifier, string expected)
    {
        _folder.Write("app.ts", $"import * as x from \"{specifier}\";\n{Applications.Hello}export const used = x;\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("app.ts:1:20 - error " + expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("\n  help: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Found 1 error in 1 file.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_DependencyThatNeedsNode_IsOneProblem()
    {
        _folder.Write("node_modules/files/package.json", """{ "name": "files", "main": "main.js", "types": "main.d.ts" }""")
            .Write("node_modules/files/main.js", "exports.fs = require('dgram'); exports.net = require('net'); try { require('tls') } catch {}\n")
            .Write("node_modules/files/main.d.ts", "export const fs: unknown;\n")
            .Write("app.ts", $"import {{ fs }} from \"files\";\n{Applications.Hello}export const used = fs;\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Contains("The package \"files\" needs Node's modules dgram, net, which aren't available", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Found 1 error in 1 file.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_DependencyThatNeedsFilesAndPaths_HasThem()
    {
        _folder.Write("node_modules/mail/package.json", """{ "name": "mail", "main": "main.js", "types": "main.d.ts" }""")
            .Write("node_modules/mail/main.js", "const fs = require('fs'), path = require('node:path');\nexports.read = (name) => fs.readFileSync(path.join('/', name));\n")
            .Write("node_modules/mail/main.d.ts", "export function read(name: string): unknown;\n")
            .Write("app.ts", $"import {{ read }} from \"mail\";\n{Applications.Hello}export const used = read;\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal("", result.Error);
        Assert.Equal(ExitCodes.Ok, result.ExitCode);
    }

    [Fact]
    public async Task Build_NativeAddon_IsNamed()
    {
        _folder.Write("node_modules/fast/package.json", """{ "name": "fast", "main": "main.js", "types": "main.d.ts" }""")
            .Write("node_modules/fast/main.js", "module.exports = require('./build/fast.node');\n")
            .Write("node_modules/fast/build/fast.node", "")
            .Write("node_modules/fast/main.d.ts", "export const fast: unknown;\n")
            .Write("app.ts", $"import {{ fast }} from \"fast\";\n{Applications.Hello}export const used = fast;\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("error native-addon: node_modules/fast/build/fast.node is a native addon", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_Dependency_IsBundled()
    {
        _folder.Write("node_modules/tiny/package.json", """{ "name": "tiny", "type": "module", "exports": { "types": "./main.d.ts", "default": "./main.js" } }""")
            .Write("node_modules/tiny/main.js", "export const tiny = () => 'from a dependency';\n")
            .Write("node_modules/tiny/main.d.ts", "export function tiny(): string;\n")
            .Write("app.ts", $"import {{ tiny }} from \"tiny\";\n{Applications.Hello}export const used = tiny();\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.Contains("from a dependency", File.ReadAllText(_folder["dist/app.js"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OtherSdkInstalled_BundlesOurs()
    {
        _folder.Write("node_modules/encore.dev/package.json", """{ "name": "encore.dev", "version": "1.58.6", "exports": { "./api": { "types": "./api.d.ts", "default": "./api.js" } } }""")
            .Write("node_modules/encore.dev/api.js", "throw new Error('THEIR MODULE');\n")
            .Write("node_modules/encore.dev/api.d.ts", "export function api<P, R>(options: object, fn: (p: P) => Promise<R>): (p: P) => Promise<R>;\n")
            .Write("app.ts", Applications.Hello);

        await CliProcess.RunAsync(_folder, "build", "app.ts");

        Assert.DoesNotContain("THEIR MODULE", File.ReadAllText(_folder["dist/app.js"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ModuleThatOnlyLooksLikeAResource_IsNotBound()
    {
        _folder.Write("app.ts", Applications.Hello)
            .Write("errors.ts", "import { APIError } from \"encore.dev/api\";\nexport const gone = () => APIError.notFound(\"gone\");\n");

        var result = await CliProcess.RunAsync(_folder, "build");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain("errors.ts", File.ReadAllText(_folder["dist/app.js"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OutputThatCannotBeWritten_IsTheEnvironmentsFault()
    {
        _folder.Write("app.ts", Applications.Hello).Write("file", "");

        var result = await CliProcess.RunAsync(_folder, "build", "app.ts", "-o", "file");

        Assert.Equal(ExitCodes.Environment, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_BundlerThatIsMissing_SaysSo()
    {
        _folder.Write("app.ts", Applications.Hello);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ENCORE_HOST_ESBUILD"] = "/no/such/esbuild" };

        var result = await CliProcess.RunAsync(_folder, environment, "build", "app.ts");

        Assert.Equal(ExitCodes.Environment, result.ExitCode);
        Assert.StartsWith("error: ENCORE_HOST_ESBUILD names /no/such/esbuild", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_BundlerThatIsAnotherProgram_SaysSo()
    {
        _folder.Write("app.ts", Applications.Hello);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ENCORE_HOST_ESBUILD"] = "/bin/true" };

        var result = await CliProcess.RunAsync(_folder, environment, "build", "app.ts");

        Assert.Equal(ExitCodes.Environment, result.ExitCode);
        Assert.Contains("encore-host needs ", result.Error, StringComparison.Ordinal);
    }

    private static string[] Hashes(string folder) =>
        [.. Written.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file)))))];

    private IEnumerable<string> FilesIn(string folder) =>
        Directory.GetFiles(_folder[folder]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
