using System.Diagnostics;
using Bridge.Core.Buffers;
using Bridge.Postgres.Queries;
using Npgsql;

namespace Bridge.Postgres.FastLane;

/// <summary>
/// The fast lane: few connections on which statements that stand alone, read, and take little time follow each other without waiting for
/// answers. Those of a turn share a round trip.
/// </summary>
/// <remarks>
/// A statement runs in the pool first, so that its columns are known and how long it takes. In the lane it either gets its rows or is given up,
/// and then it runs in the pool as if nothing had been: the lane's sessions may only read, which the server sees to. So errors, types that have
/// changed, lost connections and cancellations of others are the pool's to tell. One that takes long is cancelled there and runs in the pool
/// until it is quick again; that is also how a statement that waits for a lock lets those behind it go on.
/// Thread: any.
/// </remarks>
internal sealed class StatementLane : IAsyncDisposable
{
    // Statements under way on a connection before another one is worth it.
    private const int Crowd = 32;

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LateStall = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(2);

    // After a connection was lost or given back, the lane does without another for so long.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static PooledBuffer? _parameters;

    private readonly Lock _gate = new();
    private readonly SqlDatabaseOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly LinkPool _pool;
    private readonly LaneConnection?[] _connections;
    private readonly CancellationTokenSource _isEnding = new();
    private readonly Timer _watch;
    private long _pausedUntil;
    private long _lastWatch;
    private long _answered;
    private volatile bool _isWatching;
    private volatile bool _isDisposed;

    internal StatementLane(SqlDatabaseOptions options, LinkPool pool)
    {
        _options = options;
        _pool = pool;
        _source = DataSources.CreateForLane(options);

        // Without prepared statements there would be little to win; and poolers that can't have them hand connections on between statements.
        _connections = new LaneConnection?[options.MaxPreparedStatements > 0 ? LaneRules.ConnectionsOf(options.MaxConnections) : 0];
        _watch = new Timer(static lane => ((StatementLane)lane!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        pool.Shortage = GiveBack;
    }

    /// <summary>Statements that got their rows here.</summary>
    internal long Answered => Volatile.Read(ref _answered);

    /// <summary>Connections that are open.</summary>
    internal int Open => _connections.Count(connection => connection is { IsOpen: true });

    /// <summary>Sends a statement, where that can be done here and now.</summary>
    /// <returns>null where it is to be run in the pool.</returns>
    /// <exception cref="Bridge.Core.Operations.OperationException">A parameter is none that PostgreSQL could store.</exception>
    internal LaneQuery? TryStart(StatementRequest request, RowMode mode, CancellationToken cancellation)
    {
        if (_isDisposed || _connections.Length == 0 || !request.Statement.MayShare || Choose() is not { } connection)
        {
            return null;
        }

        var parameters = _parameters ??= new PooledBuffer();
        parameters.Truncate(0);
        if (!BoundParameters.TryWrite(parameters, request))
        {
            return null;
        }

        var query = new LaneQuery(request, mode);
        query.CancelWith(cancellation);
        if (connection.TryAdd(query, parameters.Written))
        {
            if (!_isWatching)
            {
                BeginWatching();
            }

            return query;
        }

        query.Withdraw();
        return null;
    }

    /// <summary>Counts a statement that got its rows here.</summary>
    internal void Count() => Interlocked.Increment(ref _answered);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<LaneConnection> open;
        lock (_gate)
        {
            _isDisposed = true;
            open = [.. _connections.OfType<LaneConnection>()];
        }

        await _isEnding.CancelAsync().ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        foreach (var connection in open)
        {
            await connection.EndAsync(LastPatience).ConfigureAwait(false);
        }

        _isEnding.Dispose();
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    // The first that isn't crowded, so that statements gather; else the one with the fewest, and another one is opened.
    private LaneConnection? Choose()
    {
        LaneConnection? best = null;
        var hasPlace = false;
        foreach (var connection in _connections)
        {
            if (connection is null)
            {
                hasPlace = true;
            }
            else if (connection.IsOpen && (best is null || connection.Count < best.Count))
            {
                best = connection;
                if (best.Count < Crowd)
                {
                    break;
                }
            }
        }

        if (hasPlace && (best is null || best.Count >= Crowd))
        {
            Connect();
        }

        return best;
    }

    private void Connect()
    {
        if (Environment.TickCount64 < Volatile.Read(ref _pausedUntil))
        {
            return;
        }

        lock (_gate)
        {
            // The first is worth waiting for: others wait for less long once it is there.
            var isFirst = Array.TrueForAll(_connections, static connection => connection is null);
            var place = Array.IndexOf(_connections, null);
            if (_isDisposed || place < 0 || Environment.TickCount64 < _pausedUntil || _isEnding.IsCancellationRequested)
            {
                return;
            }

            var connection = new LaneConnection(
                _source, _options.MaxPreparedStatements, () => _pool.TryReserve(waits: isFirst, _isEnding.Token), Remove);
            _connections[place] = connection;
            connection.Start();
            BeginWatching();
        }
    }

    private void Remove(LaneConnection connection)
    {
        lock (_gate)
        {
            _pausedUntil = Environment.TickCount64 + (long)Pause.TotalMilliseconds;
            var place = Array.IndexOf(_connections, connection);
            if (place >= 0)
            {
                _connections[place] = null;
            }
        }

        if (connection is { HasPlace: true, IsLost: true })
        {
            // What it led to may be gone; what it held runs on new connections.
            _pool.DropIdle();
        }

        if (connection.HasPlace)
        {
            _pool.Unreserve();
        }
    }

    // Somebody waits for a connection: those of the lane that do nothing are given to the pool, but for one where there are many.
    private void GiveBack()
    {
        lock (_gate)
        {
            var kept = _options.MaxConnections < 4 ? 0 : 1;
            foreach (var connection in _connections)
            {
                if (connection is not null && kept-- <= 0 && (connection.Count == 0 || _options.MaxConnections < 4))
                {
                    connection.Close();
                }
            }
        }
    }

    private void BeginWatching()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isWatching = true;
                _watch.Change(WatchPeriod, WatchPeriod);
            }
        }
    }

    private void Watch()
    {
        // A machine that is too busy to look on time may well be too busy to answer on time.
        var isLate = Stopwatch.GetElapsedTime(_lastWatch) > 2 * WatchPeriod;
        _lastWatch = Stopwatch.GetTimestamp();
        var isIdle = true;
        foreach (var connection in _connections)
        {
            if (connection is null)
            {
                continue;
            }

            connection.Watch(isLate ? LateStall : Stall, CancelPatience);
            var idle = connection.Idle;
            isIdle &= idle > RestAfter;
            if (idle > _options.IdleLifetime)
            {
                connection.Close();
            }
        }

        if (_pool.IsShort)
        {
            // Whoever waited already when the lane got its place is not to wait for its end.
            GiveBack();
        }
        else if (isIdle)
        {
            Rest();
        }
    }

    // A statement that is being added meanwhile is watched by the next one at the latest, or by the slow watch.
    private void Rest()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isWatching = false;
                var period = _options.IdleLifetime / 2;
                _watch.Change(period, period);
            }
        }
    }
}
