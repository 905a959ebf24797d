using System.Diagnostics;
using Bridge.Sqlite.Files;
using SQLitePCL;

namespace Bridge.Sqlite.Store;

/// <summary>Waits for another process that is writing. SQLite's own wait grows to 100 ms, and a busy neighbour would never let this one in.</summary>
internal readonly struct BusyWait()
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly long _since = Stopwatch.GetTimestamp();

    /// <summary>Waits a little.</summary>
    /// <exception cref="Core.PubSub.BrokerException">It has taken too long.</exception>
    public void Wait(string file)
    {
        if (Stopwatch.GetElapsedTime(_since) > Longest)
        {
            throw SqliteErrors.ToException(raw.SQLITE_BUSY, $"waited for {Longest.TotalSeconds:0} s", file);
        }

        Thread.Sleep(1);
    }
}
