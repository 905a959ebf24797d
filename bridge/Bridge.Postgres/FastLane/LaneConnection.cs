using System.Collections.Concurrent;
using System.Diagnostics;
using Bridge.Core.Buffers;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;
using Bridge.Postgres.Queries;
using Npgsql;

namespace Bridge.Postgres.FastLane;

/// <summary>A connection on which many statements are under way at once: they are written one after another, and answered in that order.</summary>
/// <remarks>
/// What is written at once is a transaction that may only read, so that whatever goes wrong with it, it can be run again elsewhere: the
/// connection answers with rows, or gives statements up. So a cancellation may hit whom it will, too.
/// <para>Invariant: <c>_inFlight</c> has the order in which batches were written, and <c>_open</c> is behind them; all change under <c>_gate</c>.</para>
/// Thread: any, but for what is read, which has a thread of its own: one that is blocked in a read is woken by nothing but its data.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "Its thread disposes of what it holds, as the last thing it does.")]
internal sealed class LaneConnection : IRoundEnd
{
    /// <summary>Statements that may be under way at once.</summary>
    private const int MaxInFlight = 4096;

    // Statements of one batch: what one failure costs at most.
    private const int MaxBatch = 32;

    // Which statement holds others up shows when each is a batch by itself: for so long after batches that took long.
    private const int SlowBatchesInARow = 3;
    private static readonly TimeSpan SeparationAfterSlow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SeparationAfterStall = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<LaneBatch> _inFlight = new();
    private readonly PreparedStatements _prepared;
    private readonly NpgsqlDataSource _source;
    private readonly Func<bool> _reserve;
    private readonly Action<LaneConnection> _closed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PooledBuffer _unwritten = new();
    private PooledBuffer _writing = new();
    private DriverStream? _stream;
    private LaneBatch? _open;
    private LaneBatch? _cancelled;
    private long _cancelledAt;
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private long _separatesUntil;
    private int _slowBatches;
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
            (_open ??= new LaneBatch()).Add(query);
            if (_open.Count == MaxBatch || Environment.TickCount64 < Volatile.Read(ref _separatesUntil))
            {
                EndBatch();
            }
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
            if (head.Count == 1)
            {
                head.Queries[0].Request.Statement.Pace.Stalled();
            }
            else
            {
                Separate(SeparationAfterStall);
            }

            _cancelled = head;
            _cancelledAt = Stopwatch.GetTimestamp();

            // Over another connection, whose making may take its time.
            _ = Task.Run(stream.Cancel);
        }
    }

    void IRoundEnd.EndRound() => Flush();

    // Its own start, or the end of what was before it.
    private long BeganAt(LaneBatch batch) => Math.Max(batch.Started, Volatile.Read(ref _lastAnswer));

    private void Separate(TimeSpan time) => Volatile.Write(ref _separatesUntil, Environment.TickCount64 + (long)time.TotalMilliseconds);

    // Under the gate.
    private void EndBatch()
    {
        if (_open is { } batch)
        {
            FrontendMessages.WriteSync(_unwritten);
            _inFlight.Enqueue(batch);
            _open = null;
        }
    }

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

                EndBatch();
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
                while (_inFlight.TryPeek(out var batch) && answers.TryRead(batch))
                {
                    _inFlight.TryDequeue(out _);
                    End(batch);
                }
            }
            finally
            {
                OperationRound.End();
            }
        }
    }

    private void End(LaneBatch batch)
    {
        var now = Stopwatch.GetTimestamp();
        Judge(batch, Stopwatch.GetElapsedTime(BeganAt(batch), now));
        Volatile.Write(ref _lastAnswer, now);
        Interlocked.Add(ref _count, -batch.Count);
        lock (_gate)
        {
            // Where the server has passed over what prepares a statement, it isn't prepared.
            foreach (var query in batch.WithoutRows())
            {
                _prepared.Forget(_unwritten, query.Prepared!);
            }
        }

        batch.Tell();
    }

    // Learns how quick statements are, and which of them hold up others.
    private void Judge(LaneBatch batch, TimeSpan duration)
    {
        if (batch.Failure is { } state && !batch.IsAnswered)
        {
            JudgeFailure(batch.Current.Request.Statement, state, batch.Count > 1);
        }

        if (batch.Count == 1 || duration <= StatementPace.Quick)
        {
            _slowBatches = 0;
            foreach (var query in batch.Queries)
            {
                query.Request.Statement.Pace.Ran(duration);
            }
        }
        else if (++_slowBatches >= SlowBatchesInARow)
        {
            Separate(SeparationAfterSlow);
        }
    }

    private static void JudgeFailure(Statement statement, string state, bool hasNeighbours)
    {
        if (state == SqlStates.ReadOnlyTransaction)
        {
            statement.Writes = true;
        }
        else if (hasNeighbours && state is not (SqlStates.QueryCanceled or SqlStates.InvalidStatementName))
        {
            // Neither was hit in another's place, nor was left unprepared by another's failure.
            statement.Pace.KeepOut();
        }
    }

    private void Finish()
    {
        lock (_gate)
        {
            _isOpen = false;
            EndBatch();
        }

        _closed(this);
        while (_inFlight.TryDequeue(out var batch))
        {
            Interlocked.Add(ref _count, -batch.Count);
            batch.Fail(SqlStates.ConnectionFailure);
            batch.Tell();
        }

        _ended.SetResult();
    }
}
