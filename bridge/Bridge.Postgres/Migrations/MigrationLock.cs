using System.Text;
using Npgsql;

namespace Bridge.Postgres.Migrations;

/// <summary>Lets one process at a time migrate a database: also one of golang-migrate's, which takes the same lock.</summary>
internal static class MigrationLock
{
    // golang-migrate's, database/util.go.
    private const uint Salt = 1486364155;
    private const uint Crc32Polynomial = 0xEDB88320;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Takes the lock for as long as the connection lives.</summary>
    /// <remarks>
    /// Asks again and again: who waits within a statement holds a snapshot, and CREATE INDEX CONCURRENTLY in the process that has the lock
    /// would wait for that one.
    /// </remarks>
    /// <param name="connection">The connection.</param>
    /// <param name="schema">The schema of the migrations' tables.</param>
    /// <param name="onWaiting">Called once if it takes longer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task TakeAsync(NpgsqlConnection connection, string schema, Action onWaiting, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection)
        {
            Parameters = { new() { Value = KeyOf(connection.Database, schema) } },
        };
        for (var waited = TimeSpan.Zero; await command.ExecuteScalarAsync(cancellation) is not true; waited += Pause)
        {
            if (waited == Grace)
            {
                onWaiting();
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>The key that golang-migrate locks for a database.</summary>
    internal static long KeyOf(string database, string schema) =>
        unchecked(Crc32(Encoding.UTF8.GetBytes($"{schema}\0schema_migrations\0{database}")) * Salt);

    // IEEE 802.3's, reflected; once a start, so without tables.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? Crc32Polynomial : 0);
            }
        }

        return ~crc;
    }
}
