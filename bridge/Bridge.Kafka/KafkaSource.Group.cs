using System.Diagnostics;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <content>Membership in the group: partitions come and go.</content>
internal sealed partial class KafkaSource
{
    // How long a partition that is to go to another process waits for what is begun there, so that it isn't done twice.
    private static readonly TimeSpan RevokingPatience = TimeSpan.FromSeconds(5);

    private bool _hasVanished;

    // What the last moves and commits may take when the cluster doesn't answer.
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Leaves the group. What is done is committed; what isn't, others receive. Records that wait for their time in the midst of done ones move
    /// to their topic's end first.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _isStopping))
        {
            return;
        }

        if (!Volatile.Read(ref _hasVanished))
        {
            await MoveAllAsync().WaitAsync(LeavingPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_lock)
        {
            _isStopping = true;
            Announce();
        }

        _room.Set();
        try
        {
            await _pump.WaitAsync(LeavingPatience);
            _room.Dispose();
        }
        catch (TimeoutException)
        {
            // The library still waits for the cluster; its thread ends when that answers or the process ends.
        }
    }

    /// <summary>Ends as a crash does: the group isn't told, and nothing is committed. For tests.</summary>
    internal async Task VanishAsync()
    {
        Volatile.Write(ref _hasVanished, true);
        await DisposeAsync();
    }

    private IConsumer<byte[], byte[]> Join()
    {
        var consumer = _clients.Member(_names.Group, Refuse, builder => builder
            .SetPartitionsAssignedHandler((_, partitions) => Assign(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoke(partitions))
            .SetPartitionsLostHandler((_, partitions) => Lose(partitions)));
        consumer.Subscribe([_names.Topic, _names.Retry]);
        return consumer;
    }

    private Task MoveAllAsync()
    {
        lock (_lock)
        {
            var moves = new List<Task>();
            foreach (var window in _windows)
            {
                if (window.TryFindObstacles(1, out var obstacles))
                {
                    moves.Add(MoveAsync(obstacles));
                }
            }

            return Task.WhenAll(moves);
        }
    }

    private void Assign(List<TopicPartition> partitions)
    {
        lock (_lock)
        {
            // New ones can't be paused yet: those that are go on with them, and all will be paused again in time.
            Resume();
            _fullSince = -1;
            foreach (var partition in partitions)
            {
                _windows.Add(new PartitionWindow(partition, partition.Topic == _names.Retry));
            }
        }
    }

    private void Revoke(List<TopicPartitionOffset> partitions)
    {
        var windows = Find(partitions);
        var began = Stopwatch.GetTimestamp();
        BeginLeaving(windows);
        while (!Volatile.Read(ref _isStopping) && AreOpen(windows) && Stopwatch.GetElapsedTime(began) < RevokingPatience)
        {
            KeepTime(Environment.TickCount64);
            Thread.Sleep(5);
        }

        StoreOffsets();
        Drop(windows);
    }

    private void Lose(List<TopicPartitionOffset> partitions) => Drop(Find(partitions));

    private List<PartitionWindow> Find(List<TopicPartitionOffset> partitions)
    {
        lock (_lock)
        {
            return _windows.FindAll(window => partitions.Exists(partition => partition.TopicPartition == window.Partition));
        }
    }

    /// <summary>
    /// Of these partitions only what lies before the last record that was begun is handed out: once that is done, others can go on without
    /// any record that is done twice.
    /// </summary>
    private void BeginLeaving(List<PartitionWindow> windows)
    {
        lock (_lock)
        {
            foreach (var window in windows)
            {
                window.BeginLeaving();
                if (window.TryFindObstacles(1, out var obstacles))
                {
                    _ = MoveAsync(obstacles);
                }
            }
        }
    }

    private bool AreOpen(List<PartitionWindow> windows)
    {
        lock (_lock)
        {
            return windows.Exists(window => window.IsOpen);
        }
    }

    private void Drop(List<PartitionWindow> windows)
    {
        lock (_lock)
        {
            foreach (var window in windows)
            {
                window.Leave();
                _windows.Remove(window);
            }
        }
    }

    /// <summary>Tells the library from where to read again, which it commits in the background.</summary>
    private void StoreOffsets()
    {
        lock (_lock)
        {
            foreach (var window in _windows)
            {
                if (window.Uncommitted is not { } offset)
                {
                    continue;
                }

                try
                {
                    _consumer.StoreOffset(new TopicPartitionOffset(window.Partition, offset));
                    window.MarkStored();
                }
                catch (KafkaException error) when (error.Error.Code is ErrorCode.Local_State or ErrorCode.Local_UnknownPartition)
                {
                    // The partition is about to leave: what isn't committed comes again there.
                }
            }
        }
    }

    private void Leave()
    {
        try
        {
            if (!Volatile.Read(ref _hasVanished))
            {
                StoreOffsets();
                _consumer.Close();
            }
        }
        catch (KafkaException)
        {
            // The cluster is away or has forgotten this member: the group ends the membership by itself.
        }
        finally
        {
            _consumer.Dispose();
        }
    }
}
