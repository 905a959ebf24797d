using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.SourceCheck;

/// <summary>Plain JavaScript is looked at before anything starts.</summary>
public sealed class JavaScriptCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("build")]
    [InlineData("check")]
    public async Task FaultyFiles_AllFaults_AreShownWithFrames(string command)
    {
        _folder.Write(
            "app.js",
            """
            import { api } from "encore.dev/apis";
            import programs from "node:child_process";
            import quantum from "node:quantum";
            import missing from "./missing.js";
            import other from "./lib/other.js";
            import pad from "left-pad/x";
            import native from "fast";
            import zod from "https://esm.sh/zod";
            const addon = require("./addon.node");
            try { require("optional"); } catch {}
            const lazy = () => import("./late.js");
            export const broken = (a, b => a;
            """)
            .Write("lib/other.js", "export * from '../third.mjs';\nlet a = ;\n")
            .Write("third.mjs", "export default class { constructor() {} constructor() {} }\n")
            .Write("node_modules/fast/package.json", """{ "name": "fast", "gypfile": true }""");

        var result = await CliProcess.RunAsync(_folder, command, "app.js");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Empty(result.Output);
        Golden.Equal("javascript.txt", result.Error.Replace(_folder.Root, "<folder>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommonJsThatModulesForbid_IsNoSyntaxError()
    {
        _folder.Write("app.js", "const value = 010;\nmodule.exports = { value };\n");

        var result = await CliProcess.RunAsync(_folder, "check", "app.js");

        Assert.DoesNotContain("error syntax", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstalledPackageNamedAsANodeModule_IsTaken()
    {
        _folder.Write("node_modules/events/package.json", """{ "name": "events", "main": "events.js" }""")
            .Write("node_modules/events/events.js", "exports.EventEmitter = class {};\n")
            .Write("app.js", $"import {{ EventEmitter }} from \"events\";\n{JavaScriptHello}export const emitter = new EventEmitter();\n");

        var result = await CliProcess.RunAsync(_folder, "build", "app.js");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
    }

    private const string JavaScriptHello =
        """
        import { api } from "encore.dev/api";
        export const hello = api({ method: "GET", path: "/hello", expose: true }, async () => {});

        """;
}
