using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_GoodApplication_SaysSoAndWritesNothing()
    {
        _folder.WriteShop();

        var result = await CliProcess.RunAsync(_folder, "check");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("no errors: 2 endpoints", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["dist"]));
        Assert.False(Directory.Exists(_folder[".encore"]));
    }

    [Fact]
    public async Task Check_TypeError_Fails()
    {
        _folder.Write("app.ts", Applications.Hello + "const x: number = '';\nexport { x };\n");

        var result = await CliProcess.RunAsync(_folder, "check", "app.ts");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("app.ts:10:7 - error TS2322", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FromAnotherFolder_ShowsPathsFromThere()
    {
        _folder.Write("deep/app/app.ts", "export const x: number = '';\n");

        var result = await CliProcess.RunAsync(_folder, "check", "deep/app");

        Assert.Contains("deep/app/app.ts:1:14 - error TS2322", result.Error, StringComparison.Ordinal);
    }
}
