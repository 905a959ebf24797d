using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Access;

/// <summary>Asks the machine, where it is one of Google's, for its account's token. Thread: any.</summary>
/// <remarks>https://cloud.google.com/compute/docs/access/authenticate-workloads</remarks>
/// <param name="http">What asks.</param>
/// <param name="host">The metadata server's name, and its port if it has one.</param>
/// <param name="time">The clock.</param>
internal sealed class MachineTokens(HttpClient http, string host, TimeProvider time) : ITokenSource, IDisposable
{
    /// <summary>The metadata server, unless GCE_METADATA_HOST names another.</summary>
    public const string DefaultHost = "metadata.google.internal";

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _asking = new(1);
    private string? _authorization;
    private DateTimeOffset _until;

    /// <inheritdoc/>
    public async ValueTask<string?> AuthorizationAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_authorization is null || time.GetUtcNow() > _until - Margin)
            {
                await AskAsync(cancellation);
            }

            return _authorization;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or KeyNotFoundException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new BrokerException(
                $"Pub/Sub: the machine gives no credentials: {error.Message}",
                "give a service account's key, name its file by GOOGLE_APPLICATION_CREDENTIALS, or run on a machine of Google's with an account",
                isTransient: true,
                error);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _asking.Dispose();
        http.Dispose();
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
        request.Headers.Add("Metadata-Flavor", "Google");
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellation));
        _authorization = $"{json.RootElement.GetProperty("token_type").GetString()} {json.RootElement.GetProperty("access_token").GetString()}";
        _until = time.GetUtcNow().AddSeconds(json.RootElement.GetProperty("expires_in").GetInt32());
    }
}
