using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.ServiceCalls;

/// <summary>What a call's signature holds for.</summary>
/// <param name="Endpoint">The endpoint's name, <see cref="CallWire.NameOf"/>.</param>
/// <param name="TraceParent">The traceparent header; "" for none.</param>
/// <param name="Timeout">The timeout header; "" for none.</param>
internal readonly record struct SignedCall(string Endpoint, string TraceParent, string Timeout);

/// <summary>
/// Proves that a call comes from a host that has one of the application's keys, and that nobody changed it on its way.
/// </summary>
/// <remarks>
/// <c>v1;key=&lt;id&gt;;time=&lt;Unix seconds&gt;;body=&lt;base64 SHA-256&gt;;mac=&lt;base64&gt;</c>, where mac is HMAC-SHA256 with the key over the lines
/// of <see cref="Compute"/>. The signature is checked before a body is received, and the body's hash when it has been.
/// </remarks>
/// <param name="KeyId">Which key.</param>
/// <param name="Time">When it was made, in Unix seconds.</param>
/// <param name="BodyHash">The body's SHA-256.</param>
/// <param name="Mac">The proof.</param>
internal sealed record CallSignature(int KeyId, long Time, byte[] BodyHash, byte[] Mac)
{
    // Clocks of servers differ by less; a call that was overheard can't be repeated for longer.
    private const long LargestSkewSeconds = 120;

    private const string Version = "v1";

    /// <summary>Signs a call.</summary>
    public static CallSignature Sign(AuthKey key, in SignedCall call, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (time, hash) = (now.ToUnixTimeSeconds(), SHA256.HashData(body));
        return new CallSignature(key.Id, time, hash, Compute(key, call, time, hash));
    }

    /// <summary>Reads a header's value.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CallSignature? signature)
    {
        signature = null;
        if (text?.Split(';') is not [Version, var key, var time, var body, var mac]
            || ValueOf(key, "key=") is not { } id || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var keyId)
            || ValueOf(time, "time=") is not { } at || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || BytesOf(body, "body=") is not { } hash || BytesOf(mac, "mac=") is not { } proof)
        {
            return false;
        }

        signature = new CallSignature(keyId, seconds, hash, proof);
        return true;
    }

    /// <summary>Why the signature doesn't hold for a call, body aside; null where it does.</summary>
    public string? FaultOf(IReadOnlyList<AuthKey> keys, in SignedCall call, DateTimeOffset now)
    {
        if (keys.FirstOrDefault(key => key.Id == KeyId) is not { } key)
        {
            return string.Create(CultureInfo.InvariantCulture, $"key {KeyId} is none of the keys under auth");
        }

        if (!CryptographicOperations.FixedTimeEquals(Mac, Compute(key, call, Time, BodyHash)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the signature isn't one of key {KeyId}");
        }

        var skew = Math.Abs(now.ToUnixTimeSeconds() - Time);
        return skew <= LargestSkewSeconds
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the signature's time is {skew} seconds from this host's: set both clocks, at most {LargestSkewSeconds} are allowed");
    }

    /// <summary>Whether the body is the one that was signed.</summary>
    public bool Covers(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return CryptographicOperations.FixedTimeEquals(hash, BodyHash);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Version};key={KeyId};time={Time};body={Convert.ToBase64String(BodyHash)};mac={Convert.ToBase64String(Mac)}");

    private static byte[] Compute(AuthKey key, in SignedCall call, long time, byte[] bodyHash)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"encore-host call {Version}\n{key.Id}\n{time}\n{call.Endpoint}\n{call.TraceParent}\n{call.Timeout}\n{Convert.ToBase64String(bodyHash)}");
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Key), Encoding.UTF8.GetBytes(text));
    }

    private static string? ValueOf(string part, string name) => part.StartsWith(name, StringComparison.Ordinal) ? part[name.Length..] : null;

    private static byte[]? BytesOf(string part, string name)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        return ValueOf(part, name) is { } text && Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length ? bytes : null;
    }
}
