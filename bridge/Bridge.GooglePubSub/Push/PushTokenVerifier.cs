using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Push;

/// <summary>
/// Says whether a request that brings a message was sent by Pub/Sub for one subscription: it carries a token that Google has signed for the
/// subscription's service account. Thread: any.
/// </summary>
/// <remarks>https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions</remarks>
/// <param name="keys">Google's keys.</param>
/// <param name="serviceAccount">The e-mail address of the account that the subscription pushes as.</param>
/// <param name="audience">What the subscription calls its receiver.</param>
/// <param name="time">The clock.</param>
public sealed class PushTokenVerifier(PushKeys keys, string serviceAccount, string audience, TimeProvider time)
{
    private const int MaxToken = 8 * 1024;
    private const string Scheme = "Bearer ";
    private static readonly string[] Issuers = ["https://accounts.google.com", "accounts.google.com"];

    // Two machines' clocks differ.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Looks at a request's token.</summary>
    /// <param name="authorization">The Authorization header; null where there is none.</param>
    /// <param name="cancellation">Ends the wait for keys.</param>
    /// <returns>Why it isn't Pub/Sub's, for the log; null where it is.</returns>
    /// <exception cref="BrokerException">Google's keys can't be had.</exception>
    public async ValueTask<string?> RefusalOfAsync(string? authorization, CancellationToken cancellation)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return "it carries no token";
        }

        var token = authorization[Scheme.Length..].Trim();
        if (token.Length > MaxToken || token.Split('.') is not [var head, var claims, var signature])
        {
            return "its token is no JSON Web Token";
        }

        try
        {
            return await CheckSignatureAsync(head, claims, signature, cancellation) ?? CheckClaims(claims);
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return "its token is no JSON Web Token";
        }
    }

    private async ValueTask<string?> CheckSignatureAsync(string head, string claims, string signature, CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(head));

        // Whoever chose the algorithm by the token would let its sender choose.
        if (TextOf(json.RootElement, "alg") != "RS256" || TextOf(json.RootElement, "kid") is not { } id)
        {
            return "its token isn't signed as Google signs";
        }

        if (await keys.FindAsync(id, cancellation) is not { } parameters)
        {
            return "its token is signed by a key that isn't Google's";
        }

        using var key = RSA.Create(parameters);
        var isSigned = key.VerifyData(
            Encoding.ASCII.GetBytes($"{head}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return isSigned ? null : "its token's signature is wrong";
    }

    private string? CheckClaims(string claims)
    {
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        var root = json.RootElement;
        if (!Issuers.Contains(TextOf(root, "iss"), StringComparer.Ordinal))
        {
            return "its token isn't issued by Google";
        }

        if (TextOf(root, "aud") != audience)
        {
            return $"its token is for {TextOf(root, "aud") ?? "nobody"}, and not for {audience}";
        }

        if (TextOf(root, "email") != serviceAccount || !root.TryGetProperty("email_verified", out var verified) || verified.ValueKind != JsonValueKind.True)
        {
            return $"its token is of {TextOf(root, "email") ?? "nobody"}, and not of {serviceAccount}";
        }

        var now = time.GetUtcNow();
        if (TimeOf(root, "exp") is not { } until || until < now - Skew)
        {
            return "its token has expired";
        }

        return TimeOf(root, "iat") is not { } since || since > now + Skew ? "its token isn't valid yet" : null;
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? TimeOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
