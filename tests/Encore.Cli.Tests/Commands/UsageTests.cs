using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

/// <summary>What the program says of itself, and to a command line it can't use.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("build", "--help")]
    [InlineData("check", "--help")]
    [InlineData("inspect", "--help")]
    [InlineData("db", "--help")]
    [InlineData("db", "migrate", "--help")]
    public async Task Help_OfEachCommand_IsPrinted(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(_folder, arguments);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Version_IsTheBareNumber()
    {
        var result = await CliProcess.RunAsync(_folder, "--version");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
    }

    [Fact]
    public async Task NoArguments_ShowsHelpAndFails()
    {
        var result = await CliProcess.RunAsync(_folder);

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'bild'", "bild")]
    [InlineData("'--prot'", "run", "app.ts", "--prot", "80")]
    [InlineData("--port: 'x' is not a port number", "run", "--port", "x")]
    [InlineData("--port: '65536' is not a port number", "run", "--port", "65536")]
    [InlineData("--port: '-1' is not a port number", "run", "--port", "-1")]
    [InlineData("--host: 'nowhere' is not an IP address", "run", "--host", "nowhere")]
    [InlineData("--engine: 'spidermonkey' is neither v8 nor jint", "run", "--engine", "spidermonkey")]
    [InlineData("no file or folder missing.ts", "run", "missing.ts")]
    [InlineData("no file or folder missing", "build", "missing")]
    [InlineData("no file or folder missing.ts", "check", "missing.ts")]
    [InlineData("missing.pb doesn't exist", "inspect", "missing.pb")]
    public async Task CommandLine_ThatMeansNothing_IsOneClearLine(string expected, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(_folder, arguments);

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.StartsWith("  help: ", line, StringComparison.Ordinal));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Source_OfAnotherKind_IsRefused()
    {
        _folder.Write("notes.md", "# notes\n");

        var result = await CliProcess.RunAsync(_folder, "build", "notes.md");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("neither a folder nor a source file", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PORT", "eighty")]
    [InlineData("ENCORE_LISTEN_ADDR", "nowhere:80")]
    public async Task Setting_InTheEnvironmentThatMeansNothing_IsNamed(string name, string value)
    {
        _folder.Write("app.ts", "");

        var result = await CliProcess.RunAsync(_folder, new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }, "run", "app.ts");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains(name, result.Error, StringComparison.Ordinal);
        Assert.Contains(value.Split(':')[0], result.Error, StringComparison.Ordinal);
    }
}
