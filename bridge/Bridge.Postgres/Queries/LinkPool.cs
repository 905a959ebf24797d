using System.Collections.Concurrent;
using System.Globalization;
using Bridge.Postgres.Errors;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A database's connections: so many at most, handed out one user at a time.</summary>
/// <remarks>
/// Beneath it the driver pools too: a connection that needs a reset goes back there, and the driver resets it with the next statement.
/// Thread: any.
/// </remarks>
internal sealed class LinkPool : IAsyncDisposable
{
    // A connection that answered so recently is taken for alive. Others are asked first, so that no statement goes to a server that is gone.
    private static readonly TimeSpan TakenForAlive = TimeSpan.FromSeconds(1);

    private readonly SqlDatabaseOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<Link> _idle = new();
    private readonly Timer _pruning;
    private int _waiting;
    private volatile bool _isDisposed;

    internal LinkPool(SqlDatabaseOptions options, NpgsqlDataSource source)
    {
        _options = options;
        _source = source;
        _free = new SemaphoreSlim(options.MaxConnections);
        _pruning = new Timer(static state => ((LinkPool)state!).Prune(), this, options.IdleLifetime, options.IdleLifetime / 2);
    }

    /// <summary>Called when somebody has to wait for a connection. Thread: any.</summary>
    internal Action? Shortage { get; set; }

    /// <summary>Whether somebody waits for one.</summary>
    internal bool IsShort => Volatile.Read(ref _waiting) > 0;

    /// <summary>Takes the place of a connection that isn't of the pool.</summary>
    /// <param name="waits">Whether to wait for one, rather than do without where others wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    internal bool TryReserve(bool waits, CancellationToken cancellation)
    {
        if (_isDisposed || (!waits && _waiting > 0) || !_free.Wait(waits ? _options.PoolTimeout : TimeSpan.Zero, cancellation))
        {
            return false;
        }

        // Connections that are kept for the next user count too, also those that the driver keeps.
        if (_idle.TryPop(out var spare))
        {
            _ = CloseAsync(spare);
            _source.Clear();
        }

        return true;
    }

    /// <summary>Gives that place back.</summary>
    internal void Unreserve() => _free.Release();

    /// <summary>Takes a connection that the server answers on.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">None came free in time, or none could be made.</exception>
    internal async ValueTask<Link> TakeAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!await EnterAsync(cancellation).ConfigureAwait(false))
        {
            throw Exhausted();
        }

        try
        {
            return await FindAsync(cancellation).ConfigureAwait(false) ?? await ConnectAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>Gives a connection back. It is in no transaction, and nothing is open on it.</summary>
    internal void Return(Link link)
    {
        if (link.NeedsToForget && !link.IsBroken)
        {
            _ = ForgetAndReturnAsync(link);
            return;
        }

        if (link.IsBroken || link.NeedsReset || _isDisposed)
        {
            _ = CloseAsync(link);
        }
        else
        {
            _idle.Push(link);
        }

        _free.Release();
    }

    /// <summary>Closes connections that nobody uses: the server they lead to may be gone.</summary>
    internal void DropIdle()
    {
        _source.Clear();
        while (_idle.TryPop(out var link))
        {
            _ = CloseAsync(link);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _pruning.DisposeAsync().ConfigureAwait(false);
        while (_idle.TryPop(out var link))
        {
            await CloseAsync(link).ConfigureAwait(false);
        }
    }

    private async Task ForgetAndReturnAsync(Link link)
    {
        try
        {
            await link.ForgetPreparedAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and says so.
        }

        Return(link);
    }

    private static async Task CloseAsync(Link link)
    {
        try
        {
            await link.Connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (SqlError.IsConnectionLoss(exception))
        {
            // It was lost before it was closed.
        }

    }

    private async ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        var entry = _free.WaitAsync(TimeSpan.Zero, CancellationToken.None);
        if (await entry.ConfigureAwait(false))
        {
            return true;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            Shortage?.Invoke();
            return await _free.WaitAsync(_options.PoolTimeout, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async ValueTask<Link?> FindAsync(CancellationToken cancellation)
    {
        while (_idle.TryPop(out var link))
        {
            if (link.Idle < TakenForAlive || await AnswersAsync(link, cancellation).ConfigureAwait(false))
            {
                return link;
            }

            await CloseAsync(link).ConfigureAwait(false);
            DropIdle();
        }

        return null;
    }

    private static async ValueTask<bool> AnswersAsync(Link link, CancellationToken cancellation)
    {
        try
        {
            await link.PingAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (SqlError.IsConnectionLoss(exception))
        {
            return false;
        }
        catch
        {
            await CloseAsync(link).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Link> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            return new Link(await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw SqlError.CannotConnect(_options.Name, DataSources.Place(_options), exception);
        }
    }

    private Bridge.Core.Operations.OperationException Exhausted() =>
        SqlError.Create(
            SqlStates.TooManyConnections,
            string.Create(
                CultureInfo.InvariantCulture,
                $"no connection to the database {_options.Name} came free within {_options.PoolTimeout.TotalSeconds:0.###} s: all {_options.MaxConnections} are in use and {_waiting} others wait; raise max_connections, or hold transactions and connections for less long"));

    private void Prune()
    {
        // The stack's top was used last. What is taken out is put back in the same order.
        List<Link> kept = [];
        while (_idle.TryPop(out var link))
        {
            if (kept.Count < _options.MinConnections || link.Idle < _options.IdleLifetime)
            {
                kept.Add(link);
            }
            else
            {
                _ = CloseAsync(link);
            }
        }

        kept.Reverse();
        if (kept.Count > 0)
        {
            _idle.PushRange([.. kept]);
        }
    }
}
