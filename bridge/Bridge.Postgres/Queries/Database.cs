using System.Diagnostics;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;
using Bridge.Postgres.FastLane;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A database in use: its connections, and what is known of its types and statements.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly SqlOperationsOptions _common;

    internal Database(SqlDatabaseOptions options, SqlOperationsOptions common)
    {
        _common = common;
        Options = options;
        Source = DataSources.Create(options);
        Pool = new LinkPool(options, Source);
        Lane = new StatementLane(options, Pool);
        Catalog = new TypeCatalog(Source);
        Listeners = new ListenerHub(this);
    }

    /// <summary>How it was given.</summary>
    internal SqlDatabaseOptions Options { get; }

    /// <summary>The driver's connections.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Those of them that statements run on.</summary>
    internal LinkPool Pool { get; }

    /// <summary>Where statements share connections.</summary>
    internal StatementLane Lane { get; }

    /// <summary>Its types.</summary>
    internal TypeCatalog Catalog { get; }

    /// <summary>Statements that have run.</summary>
    internal StatementTable Statements { get; } = new();

    /// <summary>Whether the table of messages that transactions publish is known to be there.</summary>
    internal bool HasOutbox { get; set; }

    /// <summary>What listens to notifications.</summary>
    internal ListenerHub Listeners { get; }

    /// <summary>Tells the observer that a statement has ended.</summary>
    internal void Report(string text, long started, long rows, string? errorCode)
    {
        if (_common.Observer is { } observer)
        {
            var duration = Stopwatch.GetElapsedTime(started);
            observer.StatementEnded(new SqlStatementReport(Options.Name, text, duration, rows, errorCode, duration >= _common.SlowStatement));
        }
    }

    /// <summary>Turns what the driver threw into what the script sees, and notes what it means for connection, types and statements.</summary>
    /// <param name="exception">The driver's, or ours.</param>
    /// <param name="link">Where it happened.</param>
    /// <param name="text">The statement; null where the text isn't the application's.</param>
    /// <param name="prefix">How many characters we put before it.</param>
    internal Exception Explain(Exception exception, Link link, string? text, int prefix = 0)
    {
        link.IsTransactionFailed |= link.InTransaction && exception is PostgresException or OperationCanceledException;
        switch (exception)
        {
            case PostgresException postgres:
                if (SqlError.IsConnectionLoss(postgres))
                {
                    Pool.DropIdle();
                }

                return SqlError.From(postgres, text, prefix);
            case FormatException format:
                Catalog.Clear();
                Statements.Clear();
                return SqlError.Create(SqlStates.FeatureNotSupported, $"a value can't be read: {format.Message}; types are read anew now");
            case OperationCanceledException or OperationException:
                return exception;
            default:
                if (!SqlError.IsConnectionLoss(exception) && !link.IsBroken)
                {
                    return exception;
                }

                Pool.DropIdle();
                return SqlError.ConnectionLost(Options.Name, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Listeners.DisposeAsync().ConfigureAwait(false);

        // What the lane gives up then finds that the pool is gone.
        await Pool.DisposeAsync().ConfigureAwait(false);
        await Lane.DisposeAsync().ConfigureAwait(false);
        await Source.DisposeAsync().ConfigureAwait(false);
    }
}
