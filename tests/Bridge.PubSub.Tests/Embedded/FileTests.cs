using Bridge.PubSub.Tests.Contract;
using Bridge.Sqlite;
using Bridge.Sqlite.Files;
using SQLitePCL;
using static Bridge.PubSub.Tests.Embedded.MessageFile;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>Files that can't be used, or not now.</summary>
#pragma warning disable CA1001 // Justification: DisposeAsync ends it; xunit knows it by another interface.
public sealed class FileTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly MessageFile _file = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _file.DisposeAsync();

    [Fact]
    public async Task Open_NewFile_IsReadableByItsOwnerOnly()
    {
        await _file.OpenAsync(Topic("mail"));

        Assert.False(OperatingSystem.IsWindows());
        foreach (var path in new[] { _file.FilePath, _file.FilePath + "-wal" })
        {
#pragma warning disable CA1416 // Justification: asserted above.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
#pragma warning restore CA1416
        }
    }

    [Fact]
    public async Task Open_NewerFormat_IsRefused()
    {
        await (await _file.OpenAsync(Topic("mail"))).DisposeAsync();
        _file.Ask("UPDATE store SET format = 7");

        var error = await RefusedAsync();

        Assert.Contains($"{_file.FilePath} has format 7; this program reads format 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DatabaseOfSomethingElse_IsRefusedAndLeftAsItIs()
    {
        _file.Ask("CREATE TABLE invoice (id INTEGER)");

        var error = await RefusedAsync();

        Assert.Contains("is a database of something else", error.Message, StringComparison.Ordinal);
        Assert.Equal("invoice", _file.Ask("SELECT group_concat(name) FROM sqlite_schema"));
    }

    [Fact]
    public async Task Open_NoDatabase_IsRefusedAndLeftAsItIs()
    {
        var text = string.Concat(Enumerable.Repeat("These are notes, not messages. ", 100));
        await File.WriteAllTextAsync(_file.FilePath, text);

        var error = await RefusedAsync();

        Assert.Contains("isn't a message file", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_file.FilePath));
    }

    [Fact]
    public async Task Open_Folder_IsRefused()
    {
        Directory.CreateDirectory(_file.FilePath);

        var error = await RefusedAsync();

        Assert.Contains(_file.FilePath, error.Message, StringComparison.Ordinal);
        Assert.NotEqual("", error.Help);
    }

    [Fact]
    public async Task Open_FolderThatIsAFile_IsRefused()
    {
        await File.WriteAllTextAsync(_file.FilePath, "x");
        await using var broker = new SqliteBroker(new SqliteBrokerOptions { Path = Path.Combine(_file.FilePath, "messages.db") }, [Topic("mail")]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.Contains("can't be made", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Open_Damaged_IsRefused()
    {
        var broker = await _file.OpenAsync(Topic("mail"));
        await PublishAsync(broker, Topic("mail"), [.. Enumerable.Range(0, 500).Select(number => Message($"message {number}"))]);
        await broker.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(_file.FilePath);
        Array.Fill(bytes, (byte)0x5a, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(_file.FilePath, bytes);

        var error = await RefusedAsync();

        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(".recover", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WhileAnotherProcessWrites_WaitsForIt()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        Task<PublishResult[]> publishing;
        using (_file.Lock())
        {
            publishing = PublishAsync(broker, topic, Message("1"));
            await Task.Delay(Patience.Short);
            Assert.False(publishing.IsCompleted);
        }

        Assert.Null((await publishing)[0].Error);
        Assert.Equal("1", _file.Ask("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task Publish_CancelledWhileItWaits_IsNotPublished()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        using var cancellation = new CancellationTokenSource();
        Task<PublishResult[]> first, second;
        using (_file.Lock())
        {
            // The first one waits for the lock, the second one for the first.
            first = PublishAsync(broker, topic, Message("1"));
            await Task.Delay(Patience.Short);
            second = broker.PublisherOf(topic).PublishAsync([Message("2")], cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        }

        Assert.Null((await first)[0].Error);
        Assert.Equal("1", _file.Ask("SELECT group_concat(CAST(body AS TEXT)) FROM message"));
    }

    [Fact]
    public async Task Publish_FileFull_FailsUntilMessagesAreHandled()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic, maxBytes: 1 << 20);
        var big = Message(new string('x', 200_000));
        var taken = 0;
        PublishResult result;
        while ((result = (await PublishAsync(broker, topic, big))[0]).Error is null)
        {
            Assert.True(++taken < 20);
        }

        var error = Assert.IsType<BrokerException>(result.Error);
        Assert.True(error.IsTransient);
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var deliveries = await ReceiveAsync(source, 20);
        Assert.Equal(taken, deliveries.Count);
        await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(CancellationToken.None)));

        Assert.Null((await PublishAsync(broker, topic, big))[0].Error);
    }

    [Theory]
    [InlineData(raw.SQLITE_BUSY, "locked by another process", true)]
    [InlineData(raw.SQLITE_READONLY | (1 << 8), "can't be written", false)]
    [InlineData(raw.SQLITE_IOERR | (2 << 8), "can't be read or written", true)]
    [InlineData(raw.SQLITE_CORRUPT, "is damaged", false)]
    public void Error_OfSqlite_SaysWhatToDo(int code, string expected, bool isTransient)
    {
        var error = SqliteErrors.ToException(code, "text", "the message file /a/b.db");

        Assert.StartsWith("the message file /a/b.db " + expected, error.Message.Replace("is locked", "locked", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(isTransient, error.IsTransient);
        Assert.NotEqual("", error.Help);
    }

    [Fact]
    public async Task Publish_BeforeProvisioning_FailsClearly()
    {
        await using var broker = new SqliteBroker(new SqliteBrokerOptions(), [Topic("mail")]);
        await broker.PrepareAsync(provision: false, CancellationToken.None);

        var error = Assert.IsType<BrokerException>((await PublishAsync(broker, Topic("mail"), Message("1")))[0].Error);
        Assert.Contains("no topic signups", error.Message, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<BrokerException>(async () => await broker.OpenAsync(Topic("mail").Subscriptions[0], CancellationToken.None));
        Assert.Contains("no subscription mail of topic signups", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BrokerException>(() => broker.DeadLettersOf(Topic("mail").Subscriptions[0]).CountAsync(CancellationToken.None));
    }

    private async Task<BrokerException> RefusedAsync()
    {
        await using var broker = new SqliteBroker(new SqliteBrokerOptions { Path = _file.FilePath }, [Topic("mail")]);
        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.False(error.IsTransient);
        return error;
    }
}
