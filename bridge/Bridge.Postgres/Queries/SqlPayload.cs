using System.Globalization;
using System.Text.Json;
using Bridge.Core.Operations;

namespace Bridge.Postgres.Queries;

/// <summary>Reads payloads and writes answers, by position.</summary>
internal static class SqlPayload
{
    /// <summary>The text at a position.</summary>
    internal static string Text(this JsonElement payload, int at) =>
        payload[at].GetString() ?? throw new InvalidOperationException($"the operation's payload has no text at {at}");

    /// <summary>The whole number at a position.</summary>
    internal static int Number(this JsonElement payload, int at) => payload[at].GetInt32();

    /// <summary>The statement that begins with the known shape at a position: <c>…, knownShape, text, params, timeoutMs</c>.</summary>
    internal static StatementRequest Statement(this JsonElement payload, int at, Database database, byte[]? bytes) => new(
        database.Statements.Find(payload.Text(at + 1)), payload[at + 2], bytes, payload.Number(at), payload[at + 3].GetDouble());

    /// <summary>An answer that is a number.</summary>
    internal static OperationOutcome Answer(long number) => new(number.ToString(CultureInfo.InvariantCulture));
}
