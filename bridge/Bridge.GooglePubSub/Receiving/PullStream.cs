using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Grpc.Core;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>One streaming pull, opened again whenever it breaks, until it is closed. Thread: any.</summary>
/// <remarks>
/// It is closed by its own half, and read to its end: what the service has sent by then arrives. One that is cut off takes messages with it until
/// their deadline is over.
/// </remarks>
internal sealed class PullStream : IDisposable
{
    /// <summary>The shortest deadline of a stream. https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest</summary>
    public static readonly TimeSpan MinDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // What the service is given to end its half.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly SubscriptionLink _link;
    private readonly StreamingPullRequest _opening;
    private readonly Action<IReadOnlyList<ReceivedMessage>> _received;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Opens one.</summary>
    /// <param name="link">The subscription.</param>
    /// <param name="deadline">How long each message is this process's own.</param>
    /// <param name="limit">How many messages may be out; 0 for no bound.</param>
    /// <param name="received">Is given messages, one answer after the other. It doesn't throw.</param>
    public PullStream(SubscriptionLink link, TimeSpan deadline, int limit, Action<IReadOnlyList<ReceivedMessage>> received)
    {
        _link = link;
        _received = received;
        _opening = new StreamingPullRequest
        {
            Subscription = link.Path,
            StreamAckDeadlineSeconds = SubscriptionLink.Seconds(deadline > MinDeadline ? deadline : MinDeadline),
            ClientId = Guid.NewGuid().ToString("N"),
            MaxOutstandingMessages = limit,
        };
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends when it is closed, with null, or when the service refuses for good, with why.</summary>
    public Task<BrokerException?> Ended { get; }

    /// <summary>Closes it and waits until no message comes any more.</summary>
    public async Task CloseAsync()
    {
        if (!_closing.IsCancellationRequested)
        {
            await _closing.CancelAsync();
            _cut.CancelAfter(ClosingTime);
        }

        await Ended;
        Dispose();
    }

    /// <summary>Frees what it holds; for one that has ended.</summary>
    public void Dispose()
    {
        _closing.Dispose();
        _cut.Dispose();
    }

    private async Task<BrokerException?> RunAsync()
    {
        var pause = FirstPause;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(() => pause = FirstPause);
            }
            catch (OperationCanceledException) when (_cut.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is BrokerException || GoogleFailures.IsOfTheCall(error, _cut.Token))
            {
                var failure = GoogleFailures.Translate($"receiving from Pub/Sub subscription {_link.Path}", error);
                if (!failure.IsTransient)
                {
                    return failure;
                }

                await PauseAsync(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        return null;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _link.Connection.Time, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // It is closed: no further try.
        }
    }

    private async Task ReadAsync(Action cameOn)
    {
        using var call = _link.Connection.Subscriber.StreamingPull(await _link.Connection.OptionsAsync(_cut.Token));
        await call.RequestStream.WriteAsync(_opening, _cut.Token);
        using var close = _closing.Token.Register(() => _ = CompleteAsync(call));
        while (await call.ResponseStream.MoveNext(_cut.Token))
        {
            cameOn();
            if (call.ResponseStream.Current.ReceivedMessages is { Count: > 0 } messages)
            {
                _received(messages);
            }
        }
    }

    private static async Task CompleteAsync(AsyncDuplexStreamingCall<StreamingPullRequest, StreamingPullResponse> call)
    {
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The stream has ended by itself.
        }
    }
}
