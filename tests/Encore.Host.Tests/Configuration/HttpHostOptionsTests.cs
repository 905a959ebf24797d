using Encore.Host.Configuration;
using Encore.Host.Logging;

namespace Encore.Host.Tests.Configuration;

public sealed class HttpHostOptionsTests
{
    [Theory]
    [InlineData(null, null, "", "127.0.0.1:4000")]
    [InlineData(null, null, "PORT=5000", "127.0.0.1:5000")]
    [InlineData(null, null, "PORT=5000 NODE_ENV=production", "0.0.0.0:5000")]
    [InlineData(null, null, "NODE_ENV=production", "127.0.0.1:4000")]
    [InlineData(null, null, "PORT=5000 ENCORE_LISTEN_ADDR=0.0.0.0:6000", "0.0.0.0:6000")]
    [InlineData(null, null, "ENCORE_LISTEN_ADDR=:6000", "0.0.0.0:6000")]
    [InlineData(null, null, "ENCORE_LISTEN_ADDR=[::1]:6000", "[::1]:6000")]
    [InlineData(null, null, "ENCORE_LISTEN_ADDR=localhost:6000", "127.0.0.1:6000")]
    [InlineData(null, 7000, "PORT=5000 ENCORE_LISTEN_ADDR=0.0.0.0:6000", "0.0.0.0:7000")]
    [InlineData("::1", null, "PORT=5000 ENCORE_LISTEN_ADDR=0.0.0.0:6000", "[::1]:6000")]
    [InlineData("localhost", 0, "", "127.0.0.1:0")]
    [InlineData("*", 1, "", "0.0.0.0:1")]
    public void Resolve_FlagsAndVariables_FlagWinsOverListenAddressOverPort(string? host, int? port, string variables, string expected)
    {
        var (options, problems) = Resolve(host, port, variables);

        Assert.Empty(problems);
        Assert.Equal(expected, options.Listen.ToString());
    }

    [Theory]
    [InlineData(null, null, "PORT=http", "PORT: 'http' is not a port number (0 to 65535)")]
    [InlineData(null, null, "PORT=70000", "PORT: '70000' is not a port number (0 to 65535)")]
    [InlineData(null, null, "ENCORE_LISTEN_ADDR=4000", "ENCORE_LISTEN_ADDR: '4000' is not of the form host:port")]
    [InlineData(null, null, "ENCORE_LISTEN_ADDR=nowhere:4000", "ENCORE_LISTEN_ADDR: 'nowhere' is not an IP address, localhost or *")]
    [InlineData("nowhere", null, "", "--host: 'nowhere' is not an IP address, localhost or *")]
    [InlineData(null, 70000, "", "--port: 70000 is not a port number (0 to 65535)")]
    [InlineData(null, null, "ENCORE_LOG=loud", "ENCORE_LOG: 'loud' is not one of trace, debug, info, warn, error, off")]
    [InlineData(null, null, "ENCORE_K8S_GRACE_TERMINATION_SECONDS=soon", "ENCORE_K8S_GRACE_TERMINATION_SECONDS: 'soon' is not a number of seconds up to 86400")]
    public void Resolve_Unreadable_TellsWhichAndWhy(string? host, int? port, string variables, string problem) =>
        Assert.Equal([problem], Resolve(host, port, variables).Problems);

    [Fact]
    public void Resolve_SeveralMistakes_TellsAll() =>
        Assert.Equal(3, Resolve("nowhere", null, "PORT=x ENCORE_LOG=loud").Problems.Count);

    [Theory]
    [InlineData("", 0)]
    [InlineData("ENCORE_K8S_GRACE_TERMINATION_SECONDS=30", 25)]
    [InlineData("ENCORE_K8S_GRACE_TERMINATION_SECONDS=3", 0)]
    public void Resolve_KubernetesGrace_LeavesTimeToDrain(string variables, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Resolve(null, null, variables).Options.AcceptAfterStop);

    [Theory]
    [InlineData("", true, LogSeverity.Trace, LogFormat.Console, true)]
    [InlineData("", false, LogSeverity.Trace, LogFormat.Json, false)]
    [InlineData("NO_COLOR=1", true, LogSeverity.Trace, LogFormat.Console, false)]
    [InlineData("ENCORE_LOG_FORMAT=console", false, LogSeverity.Trace, LogFormat.Console, false)]
    [InlineData("ENCORE_LOG_FORMAT=json", true, LogSeverity.Trace, LogFormat.Json, true)]
    [InlineData("ENCORE_LOG=WARN", false, LogSeverity.Warn, LogFormat.Json, false)]
    [InlineData("ENCORE_LOG=info ENCORE_NOLOG=1", false, LogSeverity.Off, LogFormat.Json, false)]
    public void Resolve_LogVariables_AreHeeded(string variables, bool terminal, LogSeverity threshold, LogFormat format, bool color) =>
        Assert.Equal(new LogOptions(threshold, format, color), Resolve(null, null, variables, terminal).Options.Log);

    private static (HttpHostOptions Options, List<string> Problems) Resolve(string? host, int? port, string variables, bool terminal = false)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var problems = new List<string>();
        var options = HttpHostOptions.Resolve(host, port, HostEnvironment.Development, set.GetValueOrDefault, terminal, problems);
        return (options, problems);
    }
}
