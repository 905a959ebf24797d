using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Push;

/// <summary>
/// The keys that Google signs tokens with. They are asked for once an hour, and when one is missing; while they can't be had, those of the last
/// day count. Thread: any.
/// </summary>
/// <param name="fetch">Gets them as a JSON Web Key Set: what is at <see cref="Address"/>.</param>
/// <param name="time">The clock.</param>
public sealed class PushKeys(Func<CancellationToken, Task<string>> fetch, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    // Who sends tokens with made-up keys mustn't have Google asked each time.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // For so long nobody waits for what has just failed.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    // Google announces a key days before it is used, and keeps it as long after that.
    private static readonly TimeSpan LastingLife = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _asking = new(1);
    private Dictionary<string, RSAParameters> _keys = new(StringComparer.Ordinal);
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private (BrokerException Error, DateTimeOffset At)? _failure;

    /// <summary>Where Google gives its keys out.</summary>
    public static Uri Address { get; } = new("https://www.googleapis.com/oauth2/v3/certs");

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    /// <summary>A key by its id; null where Google has none such.</summary>
    internal async ValueTask<RSAParameters?> FindAsync(string id, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            var age = now - _askedAt;
            if (age > Life || (age > Pause && !_keys.ContainsKey(id)))
            {
                await AskAsync(now, cancellation);
            }

            if (_keys.TryGetValue(id, out var key) && now - _askedAt < LastingLife)
            {
                return key;
            }

            return _failure is { } failure ? throw failure.Error : null;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_failure is { } failure && now - failure.At < FailurePause)
        {
            return;
        }

        try
        {
            _keys = Read(await fetch(cancellation));
            (_askedAt, _failure) = (now, null);
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _failure = (new BrokerException($"Google's keys for pushed messages can't be had: {error.Message}", "look at the network", isTransient: true, error), now);
        }
    }

    private static Dictionary<string, RSAParameters> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        var keys = new Dictionary<string, RSAParameters>(StringComparer.Ordinal);
        foreach (var key in json.RootElement.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("kty").GetString() == "RSA"))
        {
            keys[key.GetProperty("kid").GetString()!] = new RSAParameters
            {
                Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
                Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
            };
        }

        return keys;
    }
}
