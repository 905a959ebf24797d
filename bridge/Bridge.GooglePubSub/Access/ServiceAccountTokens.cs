using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Access;

/// <summary>
/// Signs tokens by a service account's key; Google takes them as they are, without being asked for one first. Thread: any.
/// </summary>
/// <remarks>https://google.aip.dev/auth/4111</remarks>
internal sealed class ServiceAccountTokens : ITokenSource, IDisposable
{
    private const string Audience = "https://pubsub.googleapis.com/";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly RSA _key = RSA.Create();
    private readonly string _keyId;
    private readonly string _account;
    private readonly TimeProvider _time;
    private string? _token;
    private DateTimeOffset _until;

    /// <param name="json">The key as Google gives it out.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BrokerException">It is no service account's key.</exception>
    public ServiceAccountTokens(string json, TimeProvider time)
    {
        _time = time;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("type").GetString() is not "service_account" and var type)
            {
                throw new BrokerException($"Pub/Sub: credentials of type {type} aren't supported", "give a service account's key", isTransient: false);
            }

            _keyId = root.GetProperty("private_key_id").GetString()!;
            _account = root.GetProperty("client_email").GetString()!;
            _key.ImportFromPem(root.GetProperty("private_key").GetString());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException or CryptographicException)
        {
            _key.Dispose();
            throw new BrokerException($"Pub/Sub: the service account's key can't be read: {error.Message}", "give the whole JSON that Google made", isTransient: false, error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> AuthorizationAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (_token is null || now > _until - Margin)
            {
                _until = now + Life;
                _token = Sign(now, _until);
            }

            return new("Bearer " + _token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private string Sign(DateTimeOffset from, DateTimeOffset until)
    {
        var head = Encode(json =>
        {
            json.WriteString("alg"u8, "RS256"u8);
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("kid"u8, _keyId);
        });
        var claims = Encode(json =>
        {
            json.WriteString("iss"u8, _account);
            json.WriteString("sub"u8, _account);
            json.WriteString("aud"u8, Audience);
            json.WriteNumber("iat"u8, from.ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, until.ToUnixTimeSeconds());
        });
        var text = $"{head}.{claims}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.ToArray());
    }
}
