using System.Globalization;
using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Host.Configuration;
using Encore.Host.Streams;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Streams;

/// <summary>A host that serves <see cref="StreamApplication"/>.</summary>
internal static class StreamHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task<TestHost> StartAsync(StreamOptions? streams = null, EngineKind engine = EngineKind.V8, Action<Application>? change = null) =>
        TestHost.StartAsync(TestHost.Options with { Engine = engine, Streams = streams ?? new StreamOptions() }, StreamApplication.Create(change));

    /// <summary>Opens a WebSocket frame by frame.</summary>
    public static async Task<WebSocketClient> OpenAsync(this TestHost host, string target, string headers = "") =>
        await WebSocketClient.OpenAsync(host.Address, target, headers);

    /// <summary>Waits until the application, or the host, has said something.</summary>
    public static async Task<JsonElement> UntilLoggedAsync(this TestHost host, Func<JsonElement, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            foreach (var line in host.Logged().Where(isIt))
            {
                return line;
            }

            await Task.Delay(5, patience.Token);
        }
    }

    public static Task<JsonElement> UntilSaidAsync(this TestHost host, string message) =>
        host.UntilLoggedAsync(line => line.GetProperty("message").GetString()!.StartsWith(message, StringComparison.Ordinal));

    /// <summary>Waits until no stream is open any more.</summary>
    public static async Task UntilNoStreamIsOpenAsync(this TestHost host)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (host.OpenStreams > 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    public static string Text(this int number) => number.ToString(CultureInfo.InvariantCulture);
}
