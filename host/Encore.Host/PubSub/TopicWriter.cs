using Bridge.Core.Operations;
using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>
/// Publishes to one topic: what is to be published while batches are under way makes the next one, so that batches grow as the broker slows
/// down. Thread: any.
/// </summary>
/// <param name="publisher">What publishes.</param>
/// <param name="isOrdered">Whether messages are to keep their order: then one batch is under way at a time, since one that fails mustn't be overtaken.</param>
internal sealed class TopicWriter(ITopicPublisher publisher, bool isOrdered) : IRoundEnd
{
    /// <summary>What waits for the broker at most, in messages: past that, publishing fails rather than filling the memory.</summary>
    public const int MaxWaiting = 100_000;

    /// <summary>The same in bytes of their bodies; one alone may be larger.</summary>
    public const long MaxWaitingBytes = 128L * 1024 * 1024;

    private const int MaxBatch = 1000;

    // Of a topic without order. More make smaller batches, which cost more, and confirm nothing earlier.
    private const int MaxBatches = 4;

    // What may be under way for a further batch to begin: large messages fill the memory, and a broker, with one batch at a time.
    private const long MaxBytesBeside = 8L * 1024 * 1024;

    private readonly int _maxBatches = isOrdered ? 1 : MaxBatches;
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private long _waitingBytes;
    private long _publishingBytes;
    private int _batches;

    /// <summary>Publishes a message.</summary>
    /// <returns>The broker's name for it, once the broker has it safely.</returns>
    /// <exception cref="BrokerException">The broker can't be reached or doesn't take it, or too much waits for it already.</exception>
    public Task<string> PublishAsync(OutgoingMessage message)
    {
        var waiting = new Waiting(message);
        bool begins;
        lock (_lock)
        {
            if (_waiting.Count >= MaxWaiting || (_waiting.Count > 0 && _waitingBytes + message.Body.Length > MaxWaitingBytes))
            {
                throw new BrokerException(
                    $"{_waiting.Count} messages of {_waitingBytes} bytes wait to be published already: the broker doesn't keep up",
                    "publish less at a time, or await what is published");
            }

            _waiting.Enqueue(waiting);
            _waitingBytes += message.Body.Length;
            begins = _waiting.Count == 1 && _batches < _maxBatches;
        }

        // Once the other messages of the turn are there, which come right behind this one.
        if (begins && !OperationRound.TryDefer(this))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.PublishAllAsync(), this, preferLocal: false);
        }

        return waiting.Task;
    }

    void IRoundEnd.EndRound() => _ = PublishAllAsync();

    private async Task PublishAllAsync()
    {
        if (!TryBegin())
        {
            return;
        }

        while (NextBatch() is { } batch)
        {
            try
            {
                var results = await publisher.PublishAsync(batch.ConvertAll(static waiting => waiting.Message), CancellationToken.None);
                Complete(batch, results);
            }
            catch (Exception error)
            {
                // Justification: the root of a flow of its own. Whoever waits for these messages learns of it.
                Complete(batch, [.. batch.Select(_ => PublishResult.Failed(error))]);
            }

            End(batch);
        }
    }

    /// <summary>Tells all callers within one round, so that the isolate is woken once for the batch.</summary>
    private static void Complete(List<Waiting> batch, PublishResult[] results)
    {
        OperationRound.Begin();
        try
        {
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Complete(results[i]);
            }
        }
        finally
        {
            OperationRound.End();
        }
    }

    /// <returns>False where so many batches are under way that the next takes what waits.</returns>
    private bool TryBegin()
    {
        lock (_lock)
        {
            var begins = _batches < _maxBatches;
            _batches += begins ? 1 : 0;
            return begins;
        }
    }

    /// <returns>Null where nothing waits, or another batch takes what does.</returns>
    private List<Waiting>? NextBatch()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || (_batches > 1 && _publishingBytes > MaxBytesBeside))
            {
                _batches--;
                return null;
            }

            var batch = new List<Waiting>(Math.Min(_waiting.Count, MaxBatch));
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
                _waitingBytes -= waiting.Message.Body.Length;
                _publishingBytes += waiting.Message.Body.Length;
            }

            return batch;
        }
    }

    private void End(List<Waiting> batch)
    {
        lock (_lock)
        {
            foreach (var waiting in batch)
            {
                _publishingBytes -= waiting.Message.Body.Length;
            }
        }
    }

    /// <summary>A message that isn't published yet.</summary>
    private sealed class Waiting(OutgoingMessage message)
    {
        // Whoever waits goes on within the batch's round: it only hands the answer to the isolate.
        private readonly TaskCompletionSource<string> _published = new();

        public OutgoingMessage Message => message;

        public Task<string> Task => _published.Task;

        public void Complete(PublishResult result)
        {
            if (result.Error is { } error)
            {
                _published.TrySetException(error);
            }
            else
            {
                _published.TrySetResult(result.MessageId ?? "");
            }
        }
    }
}
