using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Push;

/// <summary>Lets in what Pub/Sub sends for one subscription, and hands it to the subscription's source. Thread: any.</summary>
/// <param name="push">The subscription.</param>
/// <param name="path">Its full name.</param>
/// <param name="keys">Google's keys.</param>
/// <param name="time">The clock.</param>
internal sealed class PushReceiver(GooglePush push, string path, PushKeys keys, TimeProvider time) : IPushReceiver
{
    // A message may have 10 MB, which base64 makes a third more of, and attributes that are small beside that.
    // https://cloud.google.com/pubsub/quotas#resource_limits
    private const int LargestBody = 16 * 1024 * 1024;

    private readonly PushTokenVerifier _verifier = new(keys, push.ServiceAccount, push.Audience, time);
    private volatile PushSource? _source;

    /// <inheritdoc/>
    public string Id => push.Id;

    /// <inheritdoc/>
    public int MaxBody => LargestBody;

    /// <summary>The subscription.</summary>
    public GooglePush Push => push;

    /// <summary>From now on messages go there.</summary>
    public void Attach(PushSource source) => _source = source;

    /// <inheritdoc/>
    public ValueTask<string?> RefusalOfAsync(string? authorization, CancellationToken cancellation) => _verifier.RefusalOfAsync(authorization, cancellation);

    /// <inheritdoc/>
    public Task<PushAnswer> ReceiveAsync(ReadOnlySpan<byte> body, CancellationToken gone)
    {
        if (PushedMessage.Parse(body, out var fault) is not { } message)
        {
            return Task.FromResult(new PushAnswer(PushOutcome.Malformed, $"it is no pushed message: {fault}"));
        }

        // Of projects there are names and numbers; the subscription's own name has but one form.
        if (OwnNameOf(message.Subscription) != OwnNameOf(path))
        {
            return Task.FromResult(new PushAnswer(PushOutcome.Malformed, $"it is of subscription {message.Subscription}, and not of {path}"));
        }

        return _source is { } source
            ? source.TakeAsync(message, gone)
            : Task.FromResult(new PushAnswer(PushOutcome.Away, "no messages of the subscription are handled here"));
    }

    private static string OwnNameOf(string full) => full[(full.LastIndexOf('/') + 1)..];
}
