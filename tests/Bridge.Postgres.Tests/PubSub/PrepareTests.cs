using Bridge.Core.PubSub;
using Bridge.Postgres.Tests.Servers;
using Npgsql;

namespace Bridge.Postgres.Tests.PubSub;

/// <summary>The broker's tables come about once, and what can't be made is said.</summary>
public sealed class PrepareTests(SharedServer shared) : BrokerTest(shared)
{
    private static readonly BrokerTopic Topic = NewTopic("signups", "mail", "ledger");

    [Fact]
    public async Task Prepare_EmptyDatabaseWithoutProvision_ListsSchemaTopicAndSubscriptions()
    {
        var missing = await Create(Topic).PrepareAsync(provision: false, CancellationToken.None);

        Assert.Equal(4, missing.Count);
        Assert.StartsWith("schema encore_pubsub with the broker's tables, in PostgreSQL at 127.0.0.1:", missing[0], StringComparison.Ordinal);
        Assert.StartsWith("topic signups, a row of encore_pubsub.topic", missing[1], StringComparison.Ordinal);
        Assert.StartsWith("subscription mail of topic signups", missing[2], StringComparison.Ordinal);
        Assert.StartsWith("subscription ledger of topic signups", missing[3], StringComparison.Ordinal);
        Assert.False(await AskAsync<bool>("SELECT to_regnamespace('encore_pubsub') IS NOT NULL"));
    }

    [Fact]
    public async Task Prepare_ManyProcessesAtOnce_MakeItOnce()
    {
        var brokers = Enumerable.Range(0, 8).Select(_ => Create(Topic)).ToList();

        var missing = await Task.WhenAll(brokers.Select(broker => broker.PrepareAsync(provision: true, CancellationToken.None)));

        Assert.All(missing, Assert.Empty);
        Assert.Equal(1, await AskAsync<long>("SELECT count(*) FROM encore_pubsub.version"));
        Assert.Equal(2, await AskAsync<long>("SELECT count(*) FROM encore_pubsub.subscription"));
    }

    [Fact]
    public async Task Prepare_UserWhoMayNotCreate_SaysWhatTheAdministratorDoes()
    {
        var user = await CreateUserAsync();
        var broker = Create(Topic, options => options with { ConnectionString = As(user) });

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.False(error.IsTransient);
        Assert.Contains("encore_pubsub", error.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE SCHEMA \"encore_pubsub\" AUTHORIZATION", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_UserWhoOwnsTheSchema_MakesTheTables()
    {
        var user = await CreateUserAsync();
        await RunAsync($"CREATE SCHEMA encore_pubsub AUTHORIZATION {user}");
        var broker = await OpenAsync(Topic, options => options with { ConnectionString = As(user) });

        await PublishAsync(broker, Topic, NewMessage("1"));
    }

    [Fact]
    public async Task Prepare_TablesOfAnotherUser_ListsPrivileges()
    {
        await OpenAsync(Topic);
        var user = await CreateUserAsync();
        await RunAsync($"GRANT USAGE ON SCHEMA encore_pubsub TO {user}; GRANT SELECT ON ALL TABLES IN SCHEMA encore_pubsub TO {user}");

        var missing = await Create(Topic, options => options with { ConnectionString = As(user) }).PrepareAsync(provision: false, CancellationToken.None);

        Assert.Contains(missing, line => line.Contains("privileges SELECT, INSERT, UPDATE and DELETE on table encore_pubsub.delivery", StringComparison.Ordinal));
        Assert.DoesNotContain(missing, line => line.Contains("encore_pubsub.version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prepare_OtherVersion_IsRefused()
    {
        await OpenAsync(Topic);
        await RunAsync("UPDATE encore_pubsub.version SET number = 99");

        var error = await Assert.ThrowsAsync<BrokerException>(() => Create(Topic).PrepareAsync(provision: true, CancellationToken.None));

        Assert.False(error.IsTransient);
        Assert.Contains("version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_TopicThatWasNeverPrepared_FailsAndSaysSo()
    {
        await OpenAsync(Topic);
        var other = NewTopic("orders");

        var result = Assert.Single(await Create(other).PublisherOf(other).PublishAsync([NewMessage("1")], CancellationToken.None));

        var error = Assert.IsType<BrokerException>(result.Error);
        Assert.False(error.IsTransient);
        Assert.Contains("topic orders", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_ServerThatIsNotThere_FailsAsTransient()
    {
        var broker = Create(Topic, options => options with { ConnectionString = PostgresServer.ConnectionTo(1, "postgres") });

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.True(error.IsTransient);
        Assert.Contains("127.0.0.1:1/postgres", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> CreateUserAsync()
    {
        var user = "u" + Guid.NewGuid().ToString("N");
        await RunAsync($"CREATE ROLE {user} LOGIN");
        return user;
    }

    private string As(string user) => new NpgsqlConnectionStringBuilder(ConnectionString) { Username = user }.ConnectionString;
}
