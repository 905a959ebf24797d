using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <summary>The tables of a message file. Times are milliseconds since 1970, UTC.</summary>
internal static class StoreSchema
{
    /// <summary>The tables' version that this program reads and writes.</summary>
    public const long Format = 1;

    /// <summary>Of <c>delivery.due_at</c>: waits for an earlier message of its key.</summary>
    public const long Parked = long.MaxValue;

    // delivery: what a subscription has still to do. Its primary key is the order of delivery, and holds all that changes: a lease only moves the
    // row to where it ends. fan_out: only of messages with more than one subscription. A message goes when nothing refers to it any more.
    private const string Tables = """
        CREATE TABLE store (
          format INTEGER NOT NULL,
          next_message INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE topic (
          id INTEGER PRIMARY KEY,
          address TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE subscription (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          topic INTEGER NOT NULL,
          address TEXT NOT NULL,
          retention_ms INTEGER NOT NULL,
          retired_at INTEGER,
          UNIQUE (topic, address)
        ) STRICT;
        CREATE TABLE message (
          id INTEGER PRIMARY KEY,
          topic INTEGER NOT NULL,
          published_at INTEGER NOT NULL,
          deliver_at INTEGER,
          attributes TEXT,
          body BLOB NOT NULL
        ) STRICT;
        CREATE TABLE fan_out (
          message INTEGER PRIMARY KEY,
          remaining INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE delivery (
          subscription INTEGER NOT NULL,
          due_at INTEGER NOT NULL,
          message INTEGER NOT NULL,
          since INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          owner INTEGER,
          ordering_key TEXT,
          PRIMARY KEY (subscription, due_at, message)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_by_key ON delivery (subscription, ordering_key, message) WHERE ordering_key IS NOT NULL;
        CREATE TABLE dead_letter (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          subscription INTEGER NOT NULL,
          message INTEGER NOT NULL,
          died_at INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          cause TEXT NOT NULL,
          reason TEXT NOT NULL,
          ordering_key TEXT
        ) STRICT;
        CREATE INDEX dead_letter_by_subscription ON dead_letter (subscription, id);
        CREATE TABLE deduplication (
          topic INTEGER NOT NULL,
          id TEXT NOT NULL,
          message INTEGER NOT NULL,
          until INTEGER NOT NULL,
          PRIMARY KEY (topic, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deduplication_by_end ON deduplication (until);
        CREATE TABLE process (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          pid INTEGER NOT NULL,
          opened_at INTEGER NOT NULL
        ) STRICT;
        """;

    /// <summary>Makes the tables of a new file. Within a transaction.</summary>
    /// <exception cref="BrokerException">The file is something else, or of a newer program.</exception>
    public static void Ensure(SqliteFile file, long now)
    {
        using var tables = file.Prepare("SELECT count(*), count(*) FILTER (WHERE name = 'store') FROM sqlite_schema");
        tables.Step();
        var (all, ours) = (tables.Long(0), tables.Long(1));
        tables.Reset();
        if (all == 0)
        {
            // Ids rise from the time the file is made at: those of a new file don't repeat the ones of a deleted file. A million a second fit.
            file.Run(Tables);
            file.Run(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO store VALUES ({Format}, {now * 1000})"));
            return;
        }

        if (ours == 0)
        {
            throw new BrokerException(
                $"{file.Name} is a database of something else", "Name another path in the configuration, or move the file away.", isTransient: false);
        }

        using var format = file.Prepare("SELECT format FROM store");
        if (format.RunForLong() is var version && version != Format)
        {
            throw new BrokerException(
                $"{file.Name} has format {version}; this program reads format {Format}",
                "Use the program's newer version, or let that one handle what is left and move the file away.",
                isTransient: false);
        }
    }
}
