using System.Text;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <content>The thread that reads.</content>
/// <remarks>The library's consumer has no asynchronous reading, and has to be polled for the group to think well of it: a thread of its own.</remarks>
internal sealed partial class KafkaSource
{
    // How late a record may be that waits for its time, and how soon the library learns of what is done.
    private const int Beat = 50;

    // Without room for so long, the partitions are paused, and polling goes on without reading.
    private const int PausesAfter = 1000;

    // Done records behind one that waits, before that one is moved to the end of its topic.
    private const int MaxDoneBehind = 100;

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly ManualResetEventSlim _room = new();
    private readonly Task _pump;
    private readonly List<PartitionWindow> _windows = [];
    private long _fullSince = -1;
    private bool _isPaused;

    private bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count < MaxReady && _readyBytes < MaxReadyBytes;
            }
        }
    }

    private void Pump()
    {
        var lastBeat = 0L;
        while (!Volatile.Read(ref _isStopping))
        {
            var now = Environment.TickCount64;
            if (now - lastBeat >= Beat)
            {
                lastBeat = now;
                KeepTime(now);
                StoreOffsets();
                PauseFull();
            }

            if (WaitForRoom(now))
            {
                Read();
            }
        }

        Leave();
    }

    private void Read()
    {
        try
        {
            if (_consumer.Consume(Beat) is { Message: not null } record)
            {
                Add(record);
            }
        }
        catch (ConsumeException error)
        {
            Refuse(error.Error);
        }
        catch (KafkaException error)
        {
            Refuse(error.Error);
        }
    }

    /// <summary>Waits a moment for room; where there is none for long, has the group see that this process lives.</summary>
    /// <returns>Whether to poll.</returns>
    private bool WaitForRoom(long now)
    {
        if (HasRoom)
        {
            _fullSince = -1;
            Resume();
            return true;
        }

        _fullSince = _fullSince < 0 ? now : _fullSince;
        if (!_isPaused && now - _fullSince >= PausesAfter)
        {
            _isPaused = true;
            _consumer.Pause(_consumer.Assignment);
        }

        if (!_isPaused)
        {
            _room.Reset();
            if (!HasRoom)
            {
                _room.Wait(Beat);
            }
        }

        return _isPaused;
    }

    private void Resume()
    {
        if (!_isPaused)
        {
            return;
        }

        _isPaused = false;
        lock (_lock)
        {
            _consumer.Resume(_windows.Where(window => !window.IsPaused).Select(window => window.Partition));
        }
    }

    private void Add(ConsumeResult<byte[], byte[]> record)
    {
        lock (_lock)
        {
            var window = _windows.Find(window => window.Partition == record.TopicPartition);
            if (window is null)
            {
                return;
            }

            var notes = window.IsRetry ? RecordNotes.Parse(record.Message.Headers) : null;
            var key = _isOrdered && !window.IsRetry && record.Message.Key is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
            var entry = new WindowEntry(window, record.Offset.Value, record.Message, notes, key);
            if (!window.Add(entry))
            {
                window.BeginIdle(entry, EntryState.Blocked);
            }
            else if (notes is not null && notes.DueAt > DateTimeOffset.UtcNow)
            {
                WaitFor(entry, notes.DueAt - DateTimeOffset.UtcNow);
            }
            else
            {
                MakeReady(entry);
            }
        }
    }

    /// <summary>Wakes records whose time has come, takes back those whose lease is over, and moves those that keep others from being committed.</summary>
    private void KeepTime(long now)
    {
        lock (_lock)
        {
            while (_due.TryPeek(out var entry, out var due) && due <= now)
            {
                _due.Dequeue();
                if (entry.State == EntryState.Waiting && !entry.Window.IsGone)
                {
                    entry.Window.EndIdle(entry);
                    MakeReady(entry);
                }
            }

            foreach (var entry in _handed.Where(entry => entry.LeasedUntil <= now).ToArray())
            {
                if (TakeBack(entry, entry.Handing))
                {
                    entry.Attempt++;
                    MakeReady(entry);
                }
            }

            foreach (var window in _windows)
            {
                if (window.TryFindObstacles(MaxDoneBehind, out var obstacles))
                {
                    _ = MoveAsync(obstacles);
                }
            }
        }
    }

    /// <summary>Copies records that wait to the end of the retry topic, so that those behind them can be committed.</summary>
    private Task MoveAsync(List<WindowEntry> entries)
    {
        lock (_lock)
        {
            entries.RemoveAll(entry => entry.State != EntryState.Waiting || entry.Window.IsGone);
            entries.ForEach(entry => entry.State = EntryState.Moving);
        }

        return Task.WhenAll(entries.ConvertAll(MoveAsync));
    }

    private async Task MoveAsync(WindowEntry entry)
    {
        // A record that others wrote there has no notes, and never waits before its first attempt.
        var notes = (entry.Notes ?? new RecordNotes { MessageId = entry.MessageId, PublishedAt = entry.PublishedAt, Attempt = 1 }) with
        {
            Attempt = entry.Attempt,
            DueAt = entry.Notes?.DueAt is { } due && due > DateTimeOffset.UtcNow ? due : DateTimeOffset.UtcNow + SettlingPause,
        };
        var attributes = RecordNotes.AttributesOf(entry.Message!.Headers, entry.Notes is not null);
        var isMoved = await TrySendAsync(_names.Retry, MessageOf(key: null, entry.Message.Value ?? [], notes.ToHeaders(attributes)), CancellationToken.None);
        lock (_lock)
        {
            if (entry.Window.IsGone)
            {
                return;
            }

            entry.Window.EndIdle(entry);
            if (isMoved)
            {
                End(entry);
            }
            else
            {
                WaitFor(entry, SettlingPause);
            }
        }
    }

    private void PauseFull()
    {
        lock (_lock)
        {
            foreach (var window in _windows)
            {
                if (!window.IsPaused && window.IsFull)
                {
                    window.IsPaused = true;
                    _consumer.Pause([window.Partition]);
                }
                else if (window.IsPaused && window.HasRoom)
                {
                    window.IsPaused = false;
                    if (!_isPaused)
                    {
                        _consumer.Resume([window.Partition]);
                    }
                }
            }
        }
    }

    private void Refuse(Error error)
    {
        if (!KafkaErrors.IsRefusal(error))
        {
            return;
        }

        lock (_lock)
        {
            _refusal = KafkaErrors.Translate($"Subscription \"{_subscription.Name}\" of topic \"{_names.Topic}\" can't be received", _clients.Address, error);
            Announce();
        }
    }
}
