using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.Sqlite;
using SQLitePCL;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>A message file of one test, its brokers, and a look into it.</summary>
internal sealed class MessageFile : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-messages-");
    private readonly List<SqliteBroker> _brokers = [];

    static MessageFile() => Batteries_V2.Init();

    public ShiftedTime Time { get; } = new();

    public string FilePath => Path.Combine(_folder.FullName, "messages.db");

    public static BrokerTopic Topic(params string[] subscriptions) => new()
    {
        Name = "signups",
        Address = "signups",
        Subscriptions =
        [
            .. subscriptions.Select(name => new BrokerSubscription
            {
                Topic = "signups", Name = name, Address = name, AckDeadline = TimeSpan.FromMinutes(2), MessageRetention = TimeSpan.FromDays(1),
            }),
        ],
    };

    public static OutgoingMessage Message(string text) => new() { Body = Encoding.UTF8.GetBytes(text) };

    public async Task<SqliteBroker> OpenAsync(BrokerTopic topic, long maxBytes = 0)
    {
        var broker = new SqliteBroker(new SqliteBrokerOptions { Path = FilePath, MaxBytes = maxBytes }, [topic], Time);
        _brokers.Add(broker);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    public static async Task<PublishResult[]> PublishAsync(SqliteBroker broker, BrokerTopic topic, params OutgoingMessage[] messages) =>
        await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None).WaitAsync(Patience.Long);

    public static async Task<IReadOnlyList<Delivery>> ReceiveAsync(IMessageSource source, int max = 10)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        return await source.ReceiveAsync(max, patience.Token);
    }

    /// <summary>Runs SQL on a connection of its own.</summary>
    /// <returns>The first row's first column; "" where there is none.</returns>
    public string Ask(string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(FilePath, out var connection));
        using (connection)
        {
            raw.sqlite3_busy_timeout(connection, 10_000);
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(connection, sql, out var statement));
            using (statement)
            {
                var code = raw.sqlite3_step(statement);
                Assert.True(code is raw.SQLITE_ROW or raw.SQLITE_DONE, raw.sqlite3_errmsg(connection).utf8_to_string());
                return code == raw.SQLITE_ROW ? raw.sqlite3_column_text(statement, 0).utf8_to_string() : "";
            }
        }
    }

    /// <summary>Holds the file as another process would that is writing.</summary>
    public IDisposable Lock()
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(FilePath, out var connection));
        raw.sqlite3_busy_timeout(connection, 10_000);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(connection, "BEGIN IMMEDIATE"));
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers)
        {
            await broker.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
