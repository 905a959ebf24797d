using System.Net;
using System.Text;
using System.Text.Json;
using Bridge.Core.Isolates;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Hosting;
using Encore.Host.Logging;

namespace Encore.Host.Tests.Http;

/// <summary>A real host on a free port, and what it logs.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(10);

    private readonly RunningHost _running;
    private readonly HttpHostOptions _options;
    private readonly LogSink _log;
    private readonly MemoryStream _output;

    private TestHost(RunningHost running, HttpHostOptions options, LogSink log, MemoryStream output)
    {
        _running = running;
        _options = options;
        _log = log;
        _output = output;
    }

    public static HttpHostOptions Options { get; } = new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Environment = HostEnvironment.Development,
        Log = new LogOptions(LogSeverity.Trace, LogFormat.Json, UseColor: false),
        SlowBodyGrace = TimeSpan.FromSeconds(1.5),
    };

    public IPEndPoint Address => _running.Address;

    public Isolate Isolate => _running.Isolate;

    /// <summary>Streams that are open: of clients and other hosts, and those that the application has opened at other hosts.</summary>
    public int OpenStreams => _running.OpenStreams;

    public static async Task<TestHost> StartAsync(HttpHostOptions? options = null, LoadedApplication? application = null)
    {
        options ??= Options;
        var output = new MemoryStream();
        var log = new LogSink(options.Log, output);
        var running = await RunningHost.StartAsync(application ?? TestApplication.Create(), options, log, CancellationToken.None);
        return new TestHost(running, options, log, output);
    }

    public async Task<RawConnection> ConnectAsync() => await RawConnection.OpenAsync(Address);

    /// <summary>Sends one request on a connection of its own.</summary>
    public async Task<RawResponse> SendAsync(string request)
    {
        await using var connection = await ConnectAsync();
        await connection.SendAsync(request);
        return await connection.ReceiveAsync(!request.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    public Task<RawResponse> GetAsync(string target, string headers = "") => SendAsync($"GET {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n");

    public Task<RawResponse> PostAsync(string target, string body) =>
        SendAsync($"POST {target} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public Task StopAsync() => _running.StopAsync(_options);

    /// <summary>The lines logged so far.</summary>
    public IReadOnlyList<JsonElement> Logged()
    {
        _log.Flush(FlushLimit);
        return [.. Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The lines of one request.</summary>
    public IReadOnlyList<JsonElement> LoggedOf(RawResponse response) =>
        [.. Logged().Where(line => line.TryGetProperty("trace_id", out var trace) && trace.GetString() == response.Trace)];

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _log.Dispose();
    }
}
