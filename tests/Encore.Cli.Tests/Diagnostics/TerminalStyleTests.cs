using Encore.Cli.Tests.Support;

namespace Encore.Cli.Tests.Diagnostics;

/// <summary>Colours are for terminals; the variables that people set for all programs count here too.</summary>
public sealed class TerminalStyleTests : IDisposable
{
    private const char Escape = '\e';
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("1", null, true)]
    [InlineData("0", null, false)]
    [InlineData("1", "1", false)]
    public async Task Error_InAPipe_IsColoredOnlyWhenForced(string? force, string? no, bool colored)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FORCE_COLOR"] = force ?? "", ["NO_COLOR"] = no ?? "" };

        var result = await CliProcess.RunAsync(_folder, environment, "run", "missing.ts");

        Assert.Equal(colored, result.Error.Contains(Escape, StringComparison.Ordinal));
    }
}
