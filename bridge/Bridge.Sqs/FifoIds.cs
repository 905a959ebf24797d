using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.Sqs;

/// <summary>What a FIFO topic or queue has to be told of each message.</summary>
internal static class FifoIds
{
    // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: up to 128 letters, digits and punctuation.
    private const int MaxLength = 128;

    /// <summary>
    /// The group whose messages keep their order: those of the ordering key. Duplicates are told within a group, so that a message without a key
    /// goes by its deduplication id; one without either is in a group of its own, and waits for nobody.
    /// </summary>
    public static string GroupOf(OutgoingMessage message) =>
        Fit(message.OrderingKey is { Length: > 0 } key ? key : message.DeduplicationId is { Length: > 0 } id ? id : Guid.NewGuid().ToString("N"));

    /// <summary>By which a second sending of the same message is known.</summary>
    public static string DeduplicationOf(OutgoingMessage message) =>
        message.DeduplicationId is { Length: > 0 } id ? Fit(id) : Guid.NewGuid().ToString("N");

    private static string Fit(string text) =>
        text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
