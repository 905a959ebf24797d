using Bridge.Core.PubSub;
using SQLitePCL;

namespace Bridge.Sqlite.Files;

/// <summary>What SQLite's codes mean to people.</summary>
internal static class SqliteErrors
{
    /// <summary>Makes an exception of a code.</summary>
    /// <param name="code">As SQLite returned it, extended or not (https://www.sqlite.org/rescode.html).</param>
    /// <param name="text">What SQLite says of it.</param>
    /// <param name="file">The file, as people are told of it.</param>
    public static BrokerException ToException(int code, string text, string file)
    {
        var (what, help, isTransient) = Explain(code & 0xff);
        return new BrokerException($"{file} {what} (SQLite {code}: {text})", help, isTransient);
    }

    private static (string What, string Help, bool IsTransient) Explain(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (
            "is locked by another process", "Look which program holds it open, a database browser for instance, and end it.", true),
        raw.SQLITE_FULL => (
            "can't grow: the disk is full, or the file is as big as the configuration allows",
            "Make room on the disk, or allow more. Messages that were accepted are safe, and publishing works again by itself.",
            true),
        raw.SQLITE_IOERR => (
            "can't be read or written", "Look into the system's log for errors of the disk. Network file systems don't do.", true),
        raw.SQLITE_CORRUPT => (
            "is damaged", "Stop every host that uses it, save what can be saved with `sqlite3 <file> .recover`, and move the file away: a new one is made.", false),
        raw.SQLITE_NOTADB => (
            "isn't a message file", "Name another path in the configuration, or move the file away.", false),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => (
            "can't be written", "Give this user the right to write to it and to its folder.", false),
        raw.SQLITE_CANTOPEN => (
            "can't be opened", "Look that its path is a file in a folder that this user may write to.", false),
        raw.SQLITE_TOOBIG => (
            "doesn't take a message of this size", "Put big data into a bucket and publish its name.", false),
        raw.SQLITE_NOMEM => ("can't be used: memory is exhausted", "", true),
        _ => ("refused", "", false),
    };
}
