using System.Net;
using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Asks nsqlookupd who has which topic. Thread: any.</summary>
/// <param name="options">Where it is.</param>
internal sealed class NsqLookup(NsqBrokerOptions options) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = options.RequestTimeout };

    /// <summary>Whether there is any to ask.</summary>
    public bool IsThere => options.Lookups.Count > 0;

    /// <summary>The addresses of all nsqd processes.</summary>
    /// <exception cref="BrokerException">No nsqlookupd answers.</exception>
    public Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellation) => ProducersAsync("nodes", cancellation);

    /// <summary>The addresses of those that have a topic.</summary>
    /// <exception cref="BrokerException">No nsqlookupd answers.</exception>
    public Task<IReadOnlyList<string>> NodesOfAsync(string topic, CancellationToken cancellation) => ProducersAsync("lookup?topic=" + topic, cancellation);

    /// <summary>A topic's channels; none where nobody has it.</summary>
    /// <exception cref="BrokerException">No nsqlookupd answers.</exception>
    public async Task<IReadOnlyList<string>> ChannelsOfAsync(string topic, CancellationToken cancellation)
    {
        var channels = new HashSet<string>(StringComparer.Ordinal);
        await AskAllAsync(
            "channels?topic=" + topic,
            root => channels.UnionWith(Members(root, "channels").Select(channel => channel.GetString()!)), cancellation);
        return [.. channels];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<string>> ProducersAsync(string path, CancellationToken cancellation)
    {
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        await AskAllAsync(path, root => addresses.UnionWith(Members(root, "producers").Select(AddressOf)), cancellation);
        return [.. addresses.Order(StringComparer.Ordinal)];
    }

    /// <summary>Asks every nsqlookupd: each knows of those that tell it.</summary>
    private async Task AskAllAsync(string path, Action<JsonElement> take, CancellationToken cancellation)
    {
        Exception? failure = null;
        var answers = 0;
        foreach (var lookup in options.Lookups)
        {
            try
            {
                using var response = await _http.GetAsync(new Uri(BaseOf(lookup), path), cancellation);
                answers++;

                // Of a topic that nobody has.
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    continue;
                }

                response.EnsureSuccessStatusCode();
                await using var content = await response.Content.ReadAsStreamAsync(cancellation);
                using var document = await JsonDocument.ParseAsync(content, cancellationToken: cancellation);
                take(document.RootElement);
            }
            catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                failure = error;
            }
        }

        if (answers == 0 && failure is not null)
        {
            throw new BrokerException(
                $"nsqlookupd at {string.Join(", ", options.Lookups)} can't be asked: {failure.Message}",
                "Look whether it runs there: the address is that of its HTTP interface, port 4161.", inner: failure);
        }
    }

    private static JsonElement[] Members(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string AddressOf(JsonElement producer)
    {
        var host = producer.GetProperty("broadcast_address").GetString()!;
        var port = producer.GetProperty("tcp_port").GetInt32();
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    private static Uri BaseOf(string lookup) =>
        new(lookup.Contains("://", StringComparison.Ordinal) ? lookup.TrimEnd('/') + "/" : $"http://{lookup}/");
}
