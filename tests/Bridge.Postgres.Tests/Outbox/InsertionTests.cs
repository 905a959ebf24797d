using Bridge.Core.PubSub;
using Bridge.Postgres.Outbox;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;
using Npgsql;

namespace Bridge.Postgres.Tests.Outbox;

/// <summary>A message is part of a script's transaction.</summary>
public sealed class InsertionTests(SharedServer shared) : OutboxTest(shared)
{
    [Fact]
    public async Task Commit_Publishes_AndRollbackDoesNot()
    {
        Relay();
        var kept = await Client.BeginAsync();
        var dropped = await Client.BeginAsync();
        await InsertAsync(dropped, "never");
        var id = await InsertAsync(kept, "kept");
        await dropped.RollBackAsync();
        await kept.CommitAsync();
        var last = await Client.BeginAsync();
        await InsertAsync(last, "last");
        await last.CommitAsync();

        await UntilTakenAsync(2);

        Assert.Equal(["kept", "last"], Publishers.Texts);
        Assert.Equal(id, Publishers.Taken.First().Message.DeduplicationId);
        await UntilAsync(async () => await CountAsync() == 0, () => "rows are deleted");
    }

    [Fact]
    public async Task Insert_BetweenStatements_RunsInTheirOrder()
    {
        await Client.RunAsync("CREATE TABLE orders (id int PRIMARY KEY)");
        var transaction = await Client.BeginAsync();

        // As a script's operations start: on many threads, numbered in its order.
        var first = transaction.Next();
        var second = transaction.Next();
        var third = transaction.Next();
        var ending = Client.AskAsync("sql.commit", $"[{transaction.Id},{third}]");
        var inserting = Client.Operations.InsertIntoOutboxAsync(transaction.Id, second, "t", NewMessage("1"), CancellationToken.None).AsTask();
        await Client.RunAsync(transaction.Id, first, "INSERT INTO orders VALUES (1)");
        await Task.WhenAll(inserting, ending).WaitAsync(Patience);

        Assert.Equal("1", await Client.ValueAsync("SELECT count(*)::int FROM orders"));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Insert_NestedTransactionRolledBack_IsUndoneAlone()
    {
        Relay();
        var outer = await Client.BeginAsync();
        await InsertAsync(outer, "outer");
        var inner = await outer.BeginAsync();
        await InsertAsync(inner, "inner");
        await inner.RollBackAsync();
        await outer.CommitAsync();

        await UntilTakenAsync(1);

        Assert.Equal(["outer"], Publishers.Texts);
    }

    [Fact]
    public async Task Insert_WithoutTable_MakesItFirst()
    {
        await using (var command = Source.CreateCommand("DROP SCHEMA encore_outbox CASCADE"))
        {
            await command.ExecuteNonQueryAsync();
        }

        var transaction = await Client.BeginAsync();
        await InsertAsync(transaction, "1");
        await transaction.CommitAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Insert_AfterStatementThatFailed_FailsAsTheTransactionHas()
    {
        var transaction = await Client.BeginAsync();
        await SqlClient.FailAsync(() => transaction.RunAsync("SELECT 1/0"));

        var error = await SqlClient.FailAsync(() => InsertAsync(transaction, "1"));

        Assert.Equal(("SQLError", "25P02"), (error.Name, error.Code));
        await transaction.RollBackAsync();
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Insert_AfterTheEnd_OrOnAConnection_IsRefused()
    {
        var transaction = await Client.BeginAsync();
        await transaction.CommitAsync();
        var connection = await Client.AcquireAsync();

        Assert.Equal("25P01", (await SqlClient.FailAsync(() => InsertAsync(transaction, "1"))).Code);
        var error = await SqlClient.FailAsync(() => InsertAsync(connection, "1"));

        Assert.Equal("25P01", error.Code);
        Assert.Contains("begin()", error.Message, StringComparison.Ordinal);
        await connection.ReleaseAsync();
        Assert.Equal(0, Client.Operations.SessionCount);
    }

    [Fact]
    public async Task Message_WithEverything_ArrivesAsItWas()
    {
        Relay();
        var due = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var message = NewMessage("""{"a":"ü"}""", "key\0") with
        {
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["traceparent"] = "00-1", ["kind"] = "größer" },
            DeduplicationId = "mine",
            DeliverAt = due,
        };

        await CommitAsync("t", message);
        await UntilTakenAsync(1);

        var (topic, taken) = Publishers.Taken.Single();
        Assert.Equal(("t", "key\0", "mine", due), (topic, taken.OrderingKey, taken.DeduplicationId, taken.DeliverAt!.Value));
        Assert.Equal(message.Attributes, taken.Attributes);
        Assert.Equal(["""{"a":"ü"}"""], Publishers.Texts);
    }

    [Fact]
    public async Task Insert_SameKeyInTwoTransactions_SecondWaitsForTheFirst()
    {
        Relay();
        await using var one = await Source.OpenConnectionAsync();
        await using var first = await one.BeginTransactionAsync();
        await PostgresOutbox.InsertAsync(one, "t", NewMessage("first", "k"), CancellationToken.None);

        var second = CommitAsync("t", NewMessage("second", "k"));
        await CommitAsync("t", NewMessage("other", "l"));
        await UntilTakenAsync(1);
        await UntilAsync(HasWaiterAsync, () => "the second waits");
        await first.CommitAsync();
        await second.WaitAsync(Patience);
        await UntilTakenAsync(3);

        Assert.Equal(["other", "first", "second"], Publishers.Texts);
    }

    [Fact]
    public async Task Prepare_UserWhoMayNotCreate_SaysWhatTheAdministratorDoes()
    {
        var user = "u" + Guid.NewGuid().ToString("N");
        await using (var command = Source.CreateCommand($"DROP SCHEMA encore_outbox CASCADE; CREATE ROLE {user} LOGIN"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Username = user });

        var error = await Assert.ThrowsAsync<BrokerException>(() => PostgresOutbox.PrepareAsync(source, provision: true, CancellationToken.None));
        var missing = await PostgresOutbox.PrepareAsync(source, provision: false, CancellationToken.None);

        Assert.False(error.IsTransient);
        Assert.Contains("encore_outbox", error.Help, StringComparison.Ordinal);
        Assert.StartsWith("table encore_outbox.message", Assert.Single(missing), StringComparison.Ordinal);
    }

    private async Task<bool> HasWaiterAsync()
    {
        await using var command = Source.CreateCommand("SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private Task<string> InsertAsync(SqlClient.Session session, string text) =>
        Client.Operations.InsertIntoOutboxAsync(session.Id, session.Next(), "t", NewMessage(text), CancellationToken.None).AsTask();
}
