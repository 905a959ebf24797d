using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;

namespace Bridge.RabbitMq.Receiving;

/// <summary>A subscription's messages. The server sends as many as are wanted and no more until it hears of some.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="subscription">Whose messages.</param>
/// <param name="queue">The queue's name.</param>
/// <param name="ended">Is told when this is disposed of.</param>
internal sealed class RabbitMqSource(RabbitMqLink link, BrokerSubscription subscription, string queue, Action<RabbitMqSource> ended) : IMessageSource
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Queue<Received> _waiting = [];
    private TaskCompletionSource _news = NewNews();
    private QueueReader? _reader;
    private bool _isDisposed;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var news = NextNewsAsync();
                if (Take(max) is { Count: > 0 } deliveries)
                {
                    return deliveries;
                }

                if (await TryReadAsync(max, cancellation))
                {
                    await news.WaitAsync(cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_reader is { } reader)
        {
            await reader.DisposeAsync();
        }

        ended(this);
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sees to it that the server sends what is wanted.</summary>
    /// <returns>Whether it does; otherwise a while has passed, and it is to be tried again.</returns>
    private async Task<bool> TryReadAsync(int max, CancellationToken cancellation)
    {
        try
        {
            var reader = _reader;
            if (reader is null)
            {
                reader = await QueueReader.OpenAsync(link, subscription, queue, Arrived, Ended, cancellation);
                lock (_lock)
                {
                    _reader = reader;
                }
            }

            // Each message in work takes one of those that the server may send; asking anew is rare, since it is asked for twice as much.
            if (!reader.IsReading || reader.Prefetch < reader.Open + max)
            {
                await reader.ReadAsync(reader.Open + max);
            }

            return true;
        }
        catch (BrokerException error) when (error.IsTransient)
        {
            await DropAsync();
            await Task.Delay(Pause, cancellation);
            return false;
        }
        catch (BrokerException)
        {
            await DropAsync();
            throw;
        }
    }

    private List<Delivery> Take(int max)
    {
        var deliveries = new List<Delivery>();
        lock (_lock)
        {
            while (deliveries.Count < max && _reader is { } reader && _waiting.TryDequeue(out var message))
            {
                deliveries.Add(new RabbitMqDelivery(link, reader, message.Tag, message.Properties)
                {
                    MessageId = message.Properties.MessageId,
                    Attempt = message.Properties.Attempt,
                    PublishedAt = message.Properties.PublishedAt,
                    Body = message.Body,
                    Attributes = message.Properties.Attributes,
                });
            }
        }

        return deliveries;
    }

    private Task NextNewsAsync()
    {
        lock (_lock)
        {
            if (_news.Task.IsCompleted)
            {
                _news = NewNews();
            }

            return _news.Task;
        }
    }

    private void Arrived(QueueReader reader, Received message)
    {
        lock (_lock)
        {
            if (reader == _reader)
            {
                _waiting.Enqueue(message);
                _news.TrySetResult();
            }
        }
    }

    // With the channel all that it brought is gone: the server gives it to others.
    private void Ended(QueueReader reader)
    {
        lock (_lock)
        {
            if (reader == _reader)
            {
                _reader = null;
                _waiting.Clear();
            }

            _news.TrySetResult();
        }
    }

    private async Task DropAsync()
    {
        if (_reader is { } reader)
        {
            Ended(reader);
            await reader.DisposeAsync();
        }
    }

    /// <summary>Reads no more and gives back what waits here; what is in work stays in work.</summary>
    private async Task StopAsync()
    {
        if (_reader is not { } reader)
        {
            return;
        }

        try
        {
            await reader.StopAsync();
            Received[] back;
            lock (_lock)
            {
                back = [.. _waiting];
                _waiting.Clear();
            }

            foreach (var message in back)
            {
                await reader.GiveBackAsync(message.Tag);
            }
        }
        catch (BrokerException)
        {
            // The connection is gone, and all goes back with it.
            await DropAsync();
        }
    }
}
