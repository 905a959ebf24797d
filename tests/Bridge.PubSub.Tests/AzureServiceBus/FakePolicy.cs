using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>A shared access policy of the fake namespace.</summary>
internal sealed record FakePolicy(string Name, string Key, bool CanSend = true, bool CanListen = true, bool CanManage = true)
{
    /// <summary>Checks a token as the service does: the signature, its end, and that it is for what is asked.</summary>
    /// <returns>The policy and the end; null where the token is no good.</returns>
    internal static (FakePolicy Policy, DateTimeOffset Ends)? Check(IEnumerable<FakePolicy> policies, string token, string resource, DateTimeOffset now)
    {
        const string Scheme = "SharedAccessSignature ";
        if (!token.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var fields = token[Scheme.Length..].Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var policy = policies.FirstOrDefault(policy => policy.Name == WebUtility.UrlDecode(fields["skn"]));
        var ends = DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields["se"], CultureInfo.InvariantCulture));
        if (policy is null || ends < now || !WithoutScheme(resource).StartsWith(WithoutScheme(WebUtility.UrlDecode(fields["sr"])), StringComparison.Ordinal))
        {
            return null;
        }

        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(policy.Key), Encoding.UTF8.GetBytes($"{fields["sr"]}\n{fields["se"]}"));
        return Convert.ToBase64String(signature) == WebUtility.UrlDecode(fields["sig"]) ? (policy, ends) : null;
    }

    private static string WithoutScheme(string uri) => uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
}
