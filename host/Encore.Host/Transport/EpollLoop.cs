using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bridge.Core.Isolates;

namespace Encore.Host.Transport;

/// <summary>
/// A thread that owns some of the connections: it alone reads, writes and closes their sockets, and what follows from it, such as decoding a
/// request or encoding an answer, runs on it too unless it was handed to other threads.
/// </summary>
/// <remarks>
/// A round: what epoll reports, then the answers that the isolate left, then what other threads scheduled, then the wake-up of the isolate
/// for all calls of the round. Nothing on this thread may block.
/// </remarks>
internal sealed unsafe class EpollLoop : RequestLoop
{
    private const int EventCapacity = 256;
    private const ulong WakeEvent = ulong.MaxValue;

    // What the server may leave unread, or unsent, before the other side has to wait, in bytes.
    private const int InputPause = 1024 * 1024;
    private const int OutputPause = 64 * 1024;

    private readonly int _epoll;
    private readonly int _wakeDescriptor;
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _scheduled = new();
    private readonly Dictionary<ulong, EpollConnection> _connections = [];
    private readonly Thread _thread;
    private ulong _lastConnection;
    private int _sleeping;
    private volatile bool _ending;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="Win32Exception">The system has no more descriptors.</exception>
    internal EpollLoop(int number, BlockPool pool)
    {
        _epoll = Checked(Libc.EpollCreate(Libc.CloseOnExec));
        _wakeDescriptor = Checked(Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking));
        Watch(_wakeDescriptor, Libc.Readable, WakeEvent);
        Pool = pool;
        Pipes = new DuplexPipes(new LoopScheduler(this), pool, InputPause, OutputPause);
        _thread = new Thread(Run) { Name = $"edge {number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where its connections' memory comes from.</summary>
    internal BlockPool Pool { get; }

    /// <summary>Makes its connections' pipes, whose socket's ends run on this thread.</summary>
    internal DuplexPipes Pipes { get; }

    /// <summary>Has an action run on the thread, in its next round. Thread: any.</summary>
    internal void Post(Action<object?> action, object? state)
    {
        _scheduled.Enqueue((action, state));
        if (Current != this)
        {
            Wake();
        }
    }

    /// <summary>Begins to watch a connection's socket. Thread: the loop's.</summary>
    internal ulong Add(EpollConnection connection, int socket)
    {
        var key = ++_lastConnection;
        _connections.Add(key, connection);
        Watch(socket, Libc.Readable | Libc.Writable | Libc.PeerClosed, key);
        return key;
    }

    /// <summary>Ends the watch, before the socket is closed. Thread: the loop's.</summary>
    internal void Remove(ulong key, int socket)
    {
        _connections.Remove(key);
        _ = Libc.EpollControl(_epoll, Libc.RemoveDescriptor, socket, null);
    }

    /// <summary>Ends the thread after its round. Thread: any.</summary>
    internal void End()
    {
        _ending = true;
        Wake();
    }

    /// <inheritdoc/>
    protected override void Wake()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            var one = 1UL;
            _ = Libc.Write(_wakeDescriptor, &one, sizeof(ulong));
        }
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Run()
    {
        Enter();
        var events = stackalloc byte[EventCapacity * Libc.EventSize];
        while (!_ending)
        {
            Dispatch(events, Wait(events));
            CompleteAnswers();
            RunScheduled();
            EndRound();
        }

        _ = Libc.Close(_wakeDescriptor);
        _ = Libc.Close(_epoll);
    }

    private int Wait(byte* events)
    {
        // Whoever leaves something after this line wakes; what was left before it is seen here.
        Interlocked.Exchange(ref _sleeping, 1);
        var isIdle = !HasAnswers && _scheduled.IsEmpty && !_ending;
        var count = Libc.EpollWait(_epoll, events, EventCapacity, isIdle ? -1 : 0);
        Volatile.Write(ref _sleeping, 0);
        return count;
    }

    private void Dispatch(byte* events, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = events + (i * Libc.EventSize);
            var key = Unsafe.ReadUnaligned<ulong>(at + Libc.EventDataOffset);

            // An event may outlive its connection within a round; keys never come again, so it finds none.
            if (_connections.TryGetValue(key, out var connection))
            {
                connection.OnEvents(Unsafe.ReadUnaligned<uint>(at));
            }
        }
    }

    private void RunScheduled()
    {
        // Only what is there now: what these schedule comes after the sockets' turn.
        for (var left = _scheduled.Count; left > 0 && _scheduled.TryDequeue(out var item); left--)
        {
            item.Action(item.State);
        }
    }

    private void Watch(int descriptor, uint events, ulong key)
    {
        var change = stackalloc byte[Libc.EventSize];
        Unsafe.WriteUnaligned(change, events | Libc.EdgeTriggered);
        Unsafe.WriteUnaligned(change + Libc.EventDataOffset, key);
        Checked(Libc.EpollControl(_epoll, Libc.AddDescriptor, descriptor, change));
    }

    /// <summary>Runs actions on the loop's thread: at once where the caller is on it.</summary>
    private sealed class LoopScheduler(EpollLoop loop) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (Current == loop)
            {
                action(state);
            }
            else
            {
                loop.Post(action, state);
            }
        }
    }
}
