using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Hosting;
using Encore.Host.Tests.Http;
using Google.Protobuf;

namespace Encore.Host.Tests.Cron;

/// <summary>Jobs run by a host when they are due, and by the command.</summary>
public sealed class CronTests
{
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        let runs = 0;
        let held = [];
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          count: endpoint(() => { runs++; }),
          hold: endpoint(() => new Promise((resolve) => { runs++; held.push(resolve); })),
          fail: endpoint(() => { runs++; throw new Error("no luck"); }),
          runs: endpoint(() => ({ runs })),
          release: endpoint(() => { for (const resolve of held.splice(0)) resolve(); return { runs }; }),
        });
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new(new DateTimeOffset(2025, 2, 1, 10, 30, 0, TimeSpan.Zero));

    [Fact]
    public async Task Schedule_WhenDue_CallsThePrivateEndpoint()
    {
        await using var host = await StartAsync("count");
        await _time.TimerSetAsync();

        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(0, host.Isolate.HandlerCalls);
        _time.Advance(TimeSpan.FromMinutes(1));
        var line = await LoggedAsync(host, "cron job completed", 1);
        await _time.TimerSetAsync();
        _time.Advance(Hour);
        await LoggedAsync(host, "cron job completed", 2);

        Assert.Equal(("info", "job-count", "test.count"), (Text(line, "level"), Text(line, "job"), Text(line, "target")));
        Assert.Equal(2, (await host.GetAsync("/runs")).Json.GetProperty("runs").GetInt32());
        Assert.Equal(404, (await host.GetAsync("/count")).Status);
    }

    [Fact]
    public async Task Schedule_LastRunGoesOn_LeavesOneOut()
    {
        await using var host = await StartAsync("hold");
        await _time.TimerSetAsync();
        _time.Advance(Hour);
        await LoggedAsync(host, "cron job started", 1);
        await _time.TimerSetAsync();
        _time.Advance(Hour);
        var skipped = await LoggedAsync(host, "cron job skipped: its last run hasn't ended", 1);
        await _time.TimerSetAsync();
        while ((await host.GetAsync("/release")).Json.GetProperty("runs").GetInt32() < 1)
        {
            await Task.Yield();
        }

        await LoggedAsync(host, "cron job completed", 1);
        _time.Advance(Hour);
        await LoggedAsync(host, "cron job started", 2);

        Assert.Equal(("warn", "job-hold"), (Text(skipped, "level"), Text(skipped, "job")));
        Assert.Equal(2, (await host.GetAsync("/runs")).Json.GetProperty("runs").GetInt32());
    }

    [Fact]
    public async Task Schedule_HandlerThrows_IsLoggedAndRunsAgain()
    {
        await using var host = await StartAsync("fail");
        await _time.TimerSetAsync();
        _time.Advance(Hour);
        var failed = await LoggedAsync(host, "cron job failed", 1);

        // The run's end is logged a moment before the schedule learns of it: until then, an hour that passes is left out.
        for (var hours = 2; host.Logged().Count(line => Text(line, "message") == "cron job failed") < 2; hours++)
        {
            await _time.TimerSetAsync();
            _time.Advance(Hour);
            await LoggedAsync(host, message => message == "cron job failed" || message.StartsWith("cron job skipped", StringComparison.Ordinal), hours);
        }

        Assert.Equal(("error", "job-fail", "Error: no luck"), (Text(failed, "level"), Text(failed, "job"), Text(failed, "error")));
        Assert.Matches("^[0-9a-v]{26}$", Text(failed, "trace_id"));
    }

    [Fact]
    public async Task Schedule_SwitchedOff_WaitsForNothing()
    {
        await using var host = await StartAsync("count", isOn: false);

        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task Start_BadSchedule_IsRefused()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => StartAsync("count", schedule: "nonsense"));

        Assert.StartsWith("cron job job-count: 'nonsense' is no schedule", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "run", "job-count")]
    [InlineData(1, "run", "job-fail")]
    [InlineData(2, "run", "job-none")]
    [InlineData(0, "list")]
    public async Task Command_Cron_ExitsByTheOutcome(int code, params string[] words)
    {
        var folder = Directory.CreateTempSubdirectory("encore-host-test-");
        try
        {
            Write(Application("count", "0 * * * *", "fail"), folder);
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "encore-host"), ["cron", words[0], folder.FullName, .. words[1..]])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start) ?? throw new InvalidOperationException("The program didn't start.");
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);

            Assert.True(code == process.ExitCode, await errors);
            if (words[0] == "list")
            {
                Assert.Matches(@"^job-count  0 \* \* \* \*  test\.count\n( +\d{4}-\d\d-\d\dT\d\d:00:00Z\n){3}job-fail", await output);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<TestHost> StartAsync(string endpoint, bool isOn = true, string schedule = "0 * * * *") => TestHost.StartAsync(
        TestHost.Options with { Time = _time, Infrastructure = new InfrastructureConfig { RunsCronJobs = isOn } },
        Application(endpoint, schedule));

    private static LoadedApplication Application(string endpoint, string schedule, string? other = null)
    {
        var schema = new TestSchema();
        var runs = schema.Object(TestSchema.Required("runs", schema.Number));
        var application = schema
            .Endpoint("count", "GET", "/count", expose: false).Endpoint("hold", "GET", "/hold", expose: false).Endpoint("fail", "GET", "/fail", expose: false)
            .Endpoint("runs", "GET", "/runs", response: runs).Endpoint("release", "GET", "/release", response: runs)
            .Build();
        foreach (var name in (string?[])[endpoint, other])
        {
            if (name is not null)
            {
                var id = application.Endpoints.Select((target, index) => (target, index)).First(pair => pair.target.Name == name).index;
                application.CronJobs.Add(new CronJobSchema { Name = "job-" + name, Endpoint = (uint)id, Schedule = schedule });
            }
        }

        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    private static Task<JsonElement> LoggedAsync(TestHost host, string message, int count) =>
        LoggedAsync(host, other => other == message, count);

    private static async Task<JsonElement> LoggedAsync(TestHost host, Func<string, bool> isIt, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var lines = host.Logged().Where(line => isIt(Text(line, "message") ?? "")).ToArray();
            if (lines.Length >= count)
            {
                return lines[count - 1];
            }

            await Task.Delay(5, patience.Token);
        }
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static void Write(LoadedApplication application, DirectoryInfo folder)
    {
        var bundle = Encoding.UTF8.GetBytes(application.BundleText);
        application.Schema.Build = new Build { BundleSha256 = ByteString.CopyFrom(SHA256.HashData(bundle)) };
        File.WriteAllBytes(Path.Combine(folder.FullName, ArtifactFiles.Bundle), bundle);
        File.WriteAllBytes(Path.Combine(folder.FullName, ArtifactFiles.Schema), application.Schema.ToByteArray());
    }
}
