using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

public sealed class GenClientsTests : IDisposable
{
    private const string Caller =
        """
        import { api } from "encore.dev/api";
        import { stock } from "~encore/clients";

        export const left = api({}, async (): Promise<{ left: number }> => stock.count({ item: "kettle" }));

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GenClients_Application_WritesDeclarationsAndModules()
    {
        _folder.WriteShop().Write("orders/left.ts", Caller);

        var result = await CliProcess.RunAsync(_folder, "gen", "clients");

        Assert.Equal((ExitCodes.Ok, "", "generated 5 files → encore.gen\n"), (result.ExitCode, result.Error, result.Output));
        Assert.Contains("export namespace stock {", File.ReadAllText(_folder["encore.gen/clients/index.d.ts"]), StringComparison.Ordinal);
        Assert.Contains("export const stock = unitClient({", File.ReadAllText(_folder["encore.gen/clients/index.js"]), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["encore.gen/auth/index.d.ts"]));
        Assert.True(File.Exists(_folder["encore.gen/auth/index.js"]));
    }

    [Fact]
    public async Task GenClients_ApplicationWithErrors_WritesAndShowsThem()
    {
        _folder.WriteShop().Write("orders/left.ts", Caller.Replace("item:", "itm:", StringComparison.Ordinal));

        var result = await CliProcess.RunAsync(_folder, "gen", "clients");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("itm", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["encore.gen/clients/index.d.ts"]));
    }

    [Fact]
    public async Task GenClients_ApplicationWithoutCalls_WritesNothing()
    {
        _folder.WriteShop();

        var result = await CliProcess.RunAsync(_folder, "gen", "clients");

        Assert.Equal(
            (ExitCodes.Ok, "nothing to generate: the application imports neither ~encore/clients nor ~encore/auth\n"), (result.ExitCode, result.Output));
        Assert.False(Directory.Exists(_folder["encore.gen"]));
    }
}
