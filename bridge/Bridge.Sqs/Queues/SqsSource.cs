using System.Collections.Concurrent;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.DeadLetters;

namespace Bridge.Sqs.Queues;

/// <summary>
/// Receives a queue's messages by long polls: one while little happens, more at a time while they come back full.
/// </summary>
/// <remarks>
/// Invariant: what polls have asked for, what waits here and what is handled together never exceed what the receiver has room for: each request
/// takes its part of the room before it starts, and no answer holds more.
/// </remarks>
/// <param name="queue">The queue.</param>
/// <param name="dead">Its dead letters.</param>
/// <param name="lease">How long messages are hidden from others.</param>
/// <param name="wait">How long a poll waits.</param>
internal sealed class SqsSource(SqsQueue queue, DeadLetterQueue dead, TimeSpan lease, TimeSpan wait) : IMessageSource
{
    private const int MaxPolls = 16;
    private const int MaxOfPoll = SqsQueue.MaxEntries;

    // What a poll is given to end by itself when the source does: one that is cut off may take messages with it until their lease is over.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    // What SQS is given to take messages back: those that it doesn't learn of come again once their leases are over.
    private static readonly TimeSpan ReleasingTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<SqsDelivery> _ready = new();
    private readonly HashSet<Task> _polls = [];
    private readonly ConcurrentDictionary<SqsDelivery, Task> _releases = new();
    private readonly HashSet<SqsDelivery> _out = [];
    private readonly CancellationTokenSource _end = new();
    private TaskCompletionSource? _changed;
    private BrokerException? _refusal;
    private int _asked;
    private int _held;
    private int _wantedPolls = 1;
    private bool _isWanted;
    private Task? _disposal;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposal is not null, this);
                _isWanted = true;
                if (_ready.Count > 0)
                {
                    return TakeReady(max);
                }

                if (_refusal is { } refusal)
                {
                    _refusal = null;
                    throw refusal;
                }

                StartPolls(max);
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await changed.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                StopWanting();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= Task.Run(EndAsync));
        }
    }

    /// <summary>A message that was handed out has ended.</summary>
    public void Forget(SqsDelivery delivery)
    {
        lock (_lock)
        {
            _out.Remove(delivery);
        }
    }

    private async Task EndAsync()
    {
        StopWanting();
        Task[] polls;
        SqsDelivery[] unfinished;
        lock (_lock)
        {
            polls = [.. _polls];
            unfinished = [.. _out];
        }

        foreach (var delivery in unfinished)
        {
            Release(delivery);
        }

        var all = Task.WhenAll(polls);
        await Task.WhenAny(all, Task.Delay(wait < LastWait ? wait + LastWait : LastWait, queue.Time));
        await _end.CancelAsync();
        await all;
        await Task.WhenAny(Task.WhenAll(_releases.Values), Task.Delay(ReleasingTime, queue.Time));
        _end.Dispose();
    }

    /// <summary>A message that waited for another of its group can be handed out.</summary>
    public async Task PromoteAsync(SqsDelivery delivery)
    {
        try
        {
            // It waited while its lease went by.
            await delivery.HoldAsync(CancellationToken.None);
        }
        catch (BrokerException)
        {
            // Somebody else has it, or will: so all behind it.
            delivery.Line?.Break();
            lock (_lock)
            {
                _held--;
                Signal();
            }

            return;
        }

        bool isWanted;
        lock (_lock)
        {
            _held--;
            isWanted = _isWanted;
            if (isWanted)
            {
                _ready.Enqueue(delivery);
                Signal();
            }
        }

        if (!isWanted)
        {
            Release(delivery);
        }
    }

    /// <summary>Messages that waited for another of their group come again.</summary>
    public void GiveBack(IReadOnlyCollection<SqsDelivery> followers)
    {
        if (followers.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            _held -= followers.Count;
            Signal();
        }

        foreach (var follower in followers)
        {
            Release(follower, isFollower: true);
        }
    }

    private void Release(SqsDelivery delivery, bool isFollower = false)
    {
        if (isFollower)
        {
            delivery.Line = null;
        }

        var task = ReleaseQuietlyAsync(delivery);
        _releases[delivery] = task;
        _ = task.ContinueWith(_ => _releases.TryRemove(delivery, out Task? _), TaskScheduler.Default);
    }

    private static async Task ReleaseQuietlyAsync(SqsDelivery delivery)
    {
        try
        {
            await delivery.ReleaseAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is BrokerException or ObjectDisposedException)
        {
            // It comes again by itself once its lease is over.
        }
    }

    private List<Delivery> TakeReady(int max)
    {
        var taken = new List<Delivery>(Math.Min(max, _ready.Count));
        while (taken.Count < max && _ready.TryDequeue(out var delivery))
        {
            taken.Add(delivery);
            _out.Add(delivery);
        }

        return taken;
    }

    private void StopWanting()
    {
        SqsDelivery[] ready;
        lock (_lock)
        {
            _isWanted = false;
            ready = [.. _ready];
            _ready.Clear();
        }

        foreach (var delivery in ready)
        {
            Release(delivery);
        }
    }

    private void StartPolls(int max)
    {
        while (_polls.Count < _wantedPolls && max - _asked - _held > 0)
        {
            var count = Math.Min(MaxOfPoll, max - _asked - _held);
            _asked += count;
            var poll = Task.Run(() => PollAsync(count));
            _polls.Add(poll);
            _ = poll.ContinueWith(ForgetPoll, TaskScheduler.Default);
        }
    }

    private void ForgetPoll(Task poll)
    {
        lock (_lock)
        {
            _polls.Remove(poll);
            Signal();
        }
    }

    private async Task PollAsync(int count)
    {
        IReadOnlyList<Message> messages = [];
        BrokerException? refusal = null;
        try
        {
            messages = await AskAsync(count);
        }
        catch (BrokerException error)
        {
            refusal = error;
        }
        catch (OperationCanceledException)
        {
            // The source has ended.
        }

        Accept(messages, count, refusal);
    }

    /// <summary>One answer, for which it waits while SQS is away.</summary>
    private async Task<IReadOnlyList<Message>> AskAsync(int count)
    {
        var id = Guid.NewGuid().ToString("N");
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await queue.ReceiveAsync(count, lease, wait, id, _end.Token);
            }
            catch (BrokerException error) when (error.IsTransient && Volatile.Read(ref _isWanted))
            {
                await Task.Delay(pause, queue.Time, _end.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private void Accept(IReadOnlyList<Message> messages, int count, BrokerException? refusal)
    {
        var deliveries = Arrange(messages, out var followers);
        bool isWanted;
        lock (_lock)
        {
            _asked -= count;
            isWanted = _isWanted;
            _refusal = isWanted ? refusal ?? _refusal : null;
            _wantedPolls = messages.Count == count ? Math.Min(_wantedPolls * 2, MaxPolls) : messages.Count == 0 ? 1 : _wantedPolls;
            _held += followers;
            if (isWanted)
            {
                deliveries.ForEach(_ready.Enqueue);
            }

            Signal();
        }

        if (!isWanted)
        {
            deliveries.ForEach(delivery => Release(delivery));
        }
    }

    /// <summary>Puts messages of one group in line.</summary>
    /// <returns>Those that can be handed out.</returns>
    private List<SqsDelivery> Arrange(IReadOnlyList<Message> messages, out int followers)
    {
        var first = new List<SqsDelivery>(messages.Count);
        Dictionary<string, GroupLine>? lines = null;
        followers = 0;
        foreach (var message in messages)
        {
            var delivery = SqsDelivery.From(message, queue, dead, lease, this);
            if (delivery.Group is { } group)
            {
                lines ??= new Dictionary<string, GroupLine>(StringComparer.Ordinal);
                if (lines.TryGetValue(group, out var line))
                {
                    delivery.Line = line;
                    line.Add(delivery);
                    followers++;
                    continue;
                }

                delivery.Line = lines[group] = new GroupLine(this);
            }

            first.Add(delivery);
        }

        return first;
    }

    // Thread: under the lock.
    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
