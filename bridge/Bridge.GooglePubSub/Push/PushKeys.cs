using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Push;

/// <summary>The keys that Google signs tokens with. They are asked for once an hour, and when one is missing. Thread: any.</summary>
/// <param name="fetch">Gets them as a JSON Web Key Set: what is at <see cref="Address"/>.</param>
/// <param name="time">The clock.</param>
public sealed class PushKeys(Func<CancellationToken, Task<string>> fetch, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    // Who sends tokens with made-up keys mustn't have Google asked each time.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asking = new(1);
    private Dictionary<string, RSAParameters> _keys = new(StringComparer.Ordinal);
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;

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
            var age = time.GetUtcNow() - _askedAt;
            if (age > Life || (age > Pause && !_keys.ContainsKey(id)))
            {
                _keys = Read(await fetch(cancellation));
                _askedAt = time.GetUtcNow();
            }

            return _keys.TryGetValue(id, out var key) ? key : null;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or FormatException or KeyNotFoundException)
        {
            throw new BrokerException($"Google's keys for pushed messages can't be had: {error.Message}", "look at the network", isTransient: true, error);
        }
        finally
        {
            _asking.Release();
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
