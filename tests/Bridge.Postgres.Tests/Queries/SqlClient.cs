using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.Core.Operations;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Asks as scripts do.</summary>
internal sealed class SqlClient(SqlDatabaseOptions options, SqlOperationsOptions? common = null) : IAsyncDisposable
{
    private const string Name = "db";

    internal SqlOperations Operations { get; } = new(new Dictionary<string, SqlDatabaseOptions> { [Name] = options }, common);

    internal static SqlClient To(string connectionString, int maxConnections = 10) => new(Options(connectionString, maxConnections));

    internal static SqlDatabaseOptions Options(string connectionString, int maxConnections = 10) =>
        new() { Name = Name, ConnectionString = connectionString, Uri = "postgresql://somewhere/db", MaxConnections = maxConnections };

    public ValueTask DisposeAsync() => Operations.DisposeAsync();

    /// <summary>Runs any operation.</summary>
    /// <param name="payload">JSON.</param>
    internal async Task<(JsonElement Value, byte[]? Bytes)> AskAsync(
        string kind, string payload, byte[]? bytes = null, CancellationToken cancellation = default)
    {
        using var document = JsonDocument.Parse(payload);
        var outcome = await Operations.Handlers[kind].RunAsync(document.RootElement.Clone(), bytes, cancellation);
        using var answer = JsonDocument.Parse(outcome.Json);
        return (answer.RootElement.Clone(), outcome.Bytes);
    }

    /// <summary>Runs a statement on any connection.</summary>
    /// <param name="parameters">JSON of the parameters.</param>
    internal Task<Answer> RunAsync(string text, string parameters = "[]", byte[]? bytes = null, double timeout = 0, CancellationToken cancellation = default) =>
        RunAsync(0, 0, text, parameters, bytes, timeout, cancellation);

    /// <summary>Runs a statement in a session.</summary>
    internal async Task<Answer> RunAsync(
        int session, int sequence, string text, string parameters = "[]", byte[]? bytes = null, double timeout = 0, CancellationToken cancellation = default)
    {
        var payload = Invariant($"[\"{Name}\",{session},{sequence},0,0,{Quote(text)},{parameters},{timeout}]");
        var (value, attached) = await AskAsync("sql.run", payload, bytes, cancellation);
        return new Answer(value[0].GetInt64(), value[2].GetRawText(), value[3].GetRawText(), attached ?? []);
    }

    /// <summary>The only value of the only row, as JSON.</summary>
    internal async Task<string> ValueAsync(string text, string parameters = "[]", byte[]? bytes = null) =>
        (await RunAsync(text, parameters, bytes)).Value;

    internal async Task<Session> BeginAsync(int within = 0, int sequence = 0, string? isolation = null, bool readOnly = false, CancellationToken cancellation = default)
    {
        var (value, _) = await AskAsync("sql.begin", new JsonArray(Name, within, sequence, isolation, readOnly, false).ToJsonString(), null, cancellation);
        return new Session(this, value.GetInt32());
    }

    internal async Task<Session> AcquireAsync(CancellationToken cancellation = default) =>
        new(this, (await AskAsync("sql.acquire", $"[\"{Name}\"]", null, cancellation)).Value.GetInt32());

    /// <summary>Asks for the error that an operation ends with.</summary>
    internal static Task<OperationException> FailAsync(Func<Task> operation) => Assert.ThrowsAsync<OperationException>(operation);

    /// <summary>Numbers its operations, as scripts do.</summary>
    internal sealed class Session(SqlClient client, int id)
    {
        private int _next;

        internal int Id => id;

        internal int Next() => _next++;

        internal Task<Answer> RunAsync(string text, string parameters = "[]", double timeout = 0, CancellationToken cancellation = default) =>
            client.RunAsync(id, Next(), text, parameters, null, timeout, cancellation);

        internal Task<Session> BeginAsync() => client.BeginAsync(id, Next());

        internal Task CommitAsync() => client.AskAsync("sql.commit", $"[{id},{Next()}]");

        internal Task RollBackAsync() => client.AskAsync("sql.rollback", $"[{id},{Next()}]");

        internal Task ReleaseAsync() => client.AskAsync("sql.release", $"[{id},{Next()}]");
    }

    /// <summary>What a statement answers.</summary>
    internal sealed record Answer(long Count, string Columns, string Rows, byte[] Bytes)
    {
        internal string Value => JsonDocument.Parse(Rows).RootElement[0][0].GetRawText();

        internal string Kind => JsonDocument.Parse(Columns).RootElement[0][1].GetRawText();
    }

    internal static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static string Utf8(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
