using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;
using Bridge.Sqlite.Writing;

namespace Bridge.Sqlite;

/// <summary>A message of a file that this process is to handle.</summary>
internal sealed class SqliteDelivery : Delivery
{
    private readonly SqliteSource _source;
    private readonly Lease _lease;

    private SqliteDelivery(SqliteSource source, Lease lease) => (_source, _lease) = (source, lease);

    /// <inheritdoc/>
    public override TimeSpan? Lease => _source.LeaseTime;

    /// <inheritdoc/>
    public override DateTimeOffset RetainedSince => DateTimeOffset.FromUnixTimeMilliseconds(_lease.Since);

    /// <summary>Makes one of a row.</summary>
    public static SqliteDelivery Of(SqliteSource source, Lease lease) => new(source, lease)
    {
        MessageId = lease.Message.ToString(CultureInfo.InvariantCulture),
        Attempt = lease.Attempt,
        PublishedAt = DateTimeOffset.FromUnixTimeMilliseconds(lease.PublishedAt),
        Body = lease.Body,
        Attributes = lease.Attributes,
    };

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => EndAsync(new AcknowledgeOperation(_lease), cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) =>
        EndAsync(new PutBackOperation(_lease, delay, countsAttempt: true), cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) => EndAsync(new GiveUpOperation(_lease, reason), cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => EndAsync(new PutBackOperation(_lease, TimeSpan.Zero, countsAttempt: false), cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation)
    {
        var operation = new ExtendOperation(_lease, _source.LeaseTime);
        _source.Writer.Enqueue(operation);
        return operation.Done.WaitAsync(cancellation);
    }

    private async Task EndAsync(SettleOperation operation, CancellationToken cancellation)
    {
        try
        {
            _source.Writer.Enqueue(operation);
            await operation.Done.WaitAsync(cancellation);
        }
        finally
        {
            // Where it failed, the end of the lease gives the message back.
            _source.Finish(_lease);
        }
    }
}
