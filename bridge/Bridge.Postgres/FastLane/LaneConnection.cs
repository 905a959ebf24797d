using System.Collections.Concurrent;
using System.Diagnostics;
using Bridge.Core.Buffers;
using Bridge.Core.Operations;
using Npgsql;

namespace Bridge.Postgres.FastLane;

/// <summary>A connection on which many statements are under way at once: they are written one after another, and answered in that order.</summary>
/// <remarks>
/// Each statement is a transaction of its own that may only read, so that whatever goes wrong with it, it can be run again elsewhere: the
/// connection answers with rows, or gives the statement up. So a cancellation may hit whom it will, too.
/// <para>Invariant: <c>_inFlight</c> has the order in which statements were written; both change under <c>_gate</c>.</para>
/// Thread: any, but for what is read, which has a thread of its own: one that is blocked in a read is woken by nothing but its data.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "Its thread disposes of what it holds, as the last thing it does.")]
internal sealed class LaneConnection : IRoundEnd
{
    /// <summary>Statements that may be under way at once.</summary>
    private const int MaxInFlight = 4096;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<LaneQuery> _inFlight = new();
    private readonly PreparedStatements _prepared;
    private readonly NpgsqlDataSource _source;
    private readonly Func<bool> _reserve;
    private readonly Action<LaneConnection> _closed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PooledBuffer _unwritten = new();
    private PooledBuffer _writing = new();
    private DriverStream? _stream;
    private LaneQuery? _cancelled;
    private long _cancelledAt;
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private bool _isWriting;
    private volatile bool _isClosing;
    private volatile bool _isOpen;
    private int _count;

    /// <param name="source">Connects; it must not pool.</param>
    /// <param name="preparedStatements">How many statements it keeps prepared.</param>
    /// <param name="reserve">Takes a place among the database's connections; false where there is none. Thread: the connection's.</param>
    /// <param name="closed">Called once, when it is of no use any more. Thread: its own.</param>
    internal LaneConnection(NpgsqlDataSource source, int preparedStatements, Func<bool> reserve, Action<LaneConnection> closed)
    {
        _source = source;
        _prepared = new PreparedStatements(preparedStatements);
        _reserve = reserve;
        _closed = closed;
    }

    /// <summary>Whether it has taken its place, which is to be given back then.</summary>
    internal bool HasPlace { get; private set; }

    /// <summary>Whether it ended without being told to.</summary>
    internal bool IsLost => !_isOpen && !_isClosing;

    /// <summary>Statements under way.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Whether it takes statements.</summary>
    internal bool IsOpen => _isOpen && Count < MaxInFlight;

    /// <summary>For how long nothing was done with it.</summary>
    internal TimeSpan Idle => Count > 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _lastAnswer));

    /// <summary>Connects, on the connection's own thread.</summary>
    internal void Start() => new Thread(Run) { Name = "sql fast lane", IsBackground = true }.Start();

    /// <summary>Sends a statement, at the latest with the end of the thread's round.</summary>
    /// <param name="query">It.</param>
    /// <param name="parameters">As <see cref="BoundParameters"/> writes them.</param>
    /// <returns>False where it takes none.</returns>
    internal bool TryAdd(LaneQuery query, ReadOnlySpan<byte> parameters)
    {
        lock (_gate)
        {
            if (!IsOpen)
            {
                return false;
            }

            query.Prepared = _prepared.Prepare(_unwritten, query.Request.Statement);
            FrontendMessages.WriteRun(_unwritten, query.Prepared.Name, parameters);
            Interlocked.Increment(ref _count);
            _inFlight.Enqueue(query);
        }

        if (!OperationRound.TryDefer(this))
        {
            Flush();
        }

        return true;
    }

    /// <summary>Takes no more statements, and closes when those under way are answered.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosing = true;
            _isOpen = false;
        }

        if (Count == 0)
        {
            _stream?.Shutdown();
        }
    }

    /// <summary>Closes at once: what is under way is cancelled and given up.</summary>
    /// <param name="patience">How long the cancellation may take.</param>
    internal async Task EndAsync(TimeSpan patience)
    {
        Close();
        if (Count > 0 && _stream is { } stream)
        {
            // A server doesn't notice by itself that nobody waits for what it is at.
            await Task.Run(stream.Cancel).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Abort();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Abort()
    {
        _isOpen = false;
        _stream?.Shutdown();
    }

    /// <summary>Looks whether the statement whose turn it is holds others up.</summary>
    /// <param name="stall">For how long it may.</param>
    /// <param name="patience">How long its cancellation may take until the connection counts as lost.</param>
    internal void Watch(TimeSpan stall, TimeSpan patience)
    {
        if (!_inFlight.TryPeek(out var head) || Stopwatch.GetElapsedTime(BeganAt(head)) < stall)
        {
            return;
        }

        if (head == _cancelled)
        {
            if (Stopwatch.GetElapsedTime(_cancelledAt) > patience)
            {
                Abort();
            }
        }
        else if (_stream is { } stream && (Count > 1 || head.IsAbandoned))
        {
            head.Request.Statement.Pace.Stalled();
            _cancelled = head;
            _cancelledAt = Stopwatch.GetTimestamp();

            // Over another connection, whose making may take its time.
            _ = Task.Run(stream.Cancel);
        }
    }

    void IRoundEnd.EndRound() => Flush();

    // Its own start, or the end of what was before it.
    private long BeganAt(LaneQuery query) => Math.Max(query.Started, Volatile.Read(ref _lastAnswer));

    private void Flush()
    {
        while (true)
        {
            lock (_gate)
            {
                // Whoever writes already writes this too.
                if (_isWriting || _unwritten.Length == 0 || _stream is null)
                {
                    return;
                }

                _isWriting = true;
                (_unwritten, _writing) = (_writing, _unwritten);
            }

            try
            {
                _stream.Stream.Write(_writing.Written);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
            {
                Abort();
            }

            lock (_gate)
            {
                _writing.Truncate(0);
                _isWriting = false;
            }
        }
    }

    private void Run()
    {
        try
        {
            HasPlace = _reserve();
            if (!HasPlace)
            {
                return;
            }

            using var stream = DriverStream.Open(_source);
            lock (_gate)
            {
                _stream = stream;
                _isOpen = !_isClosing;
            }

            if (_isOpen)
            {
                ReadAll(stream.Stream);
            }
        }
        catch (Exception)
        {
            // Justification: the root of a thread. Whatever ended it, its statements are run elsewhere, where the same is told to whom it concerns.
        }

        finally
        {
            Finish();
        }
    }

    private void ReadAll(Stream stream)
    {
        using var answers = new LaneAnswers(stream);
        while (!_isClosing || Count > 0)
        {
            answers.Fill();
            OperationRound.Begin();
            try
            {
                while (_inFlight.TryPeek(out var query) && answers.TryRead(query, out var answer))
                {
                    _inFlight.TryDequeue(out _);
                    End(query, answer);
                }
            }
            finally
            {
                OperationRound.End();
            }
        }
    }

    private void End(LaneQuery query, LaneAnswer answer)
    {
        var now = Stopwatch.GetTimestamp();
        query.Request.Statement.Pace.Ran(Stopwatch.GetElapsedTime(BeganAt(query), now));
        Volatile.Write(ref _lastAnswer, now);
        Interlocked.Decrement(ref _count);
        if (answer.Json is null && query.Prepared is { } prepared)
        {
            lock (_gate)
            {
                _prepared.Forget(_unwritten, prepared);
            }
        }

        query.Answer(answer);
    }

    private void Finish()
    {
        lock (_gate)
        {
            _isOpen = false;
        }

        _closed(this);
        while (_inFlight.TryDequeue(out var query))
        {
            Interlocked.Decrement(ref _count);
            query.Answer(default);
        }

        _ended.SetResult();
    }
}
