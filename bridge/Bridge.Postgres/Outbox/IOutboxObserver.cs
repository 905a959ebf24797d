namespace Bridge.Postgres.Outbox;

/// <summary>Is told of what keeps messages of an outbox from their brokers. Thread: any; it doesn't throw.</summary>
public interface IOutboxObserver
{
    /// <summary>Messages weren't taken by their broker, or there is no such topic. They stay, and are tried again.</summary>
    /// <param name="database">The application's name of the database.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="error">Why.</param>
    /// <param name="next">The wait until then.</param>
    void PublishingFailed(string database, string topic, Exception error, TimeSpan next);

    /// <summary>The database can't be asked for messages; it is tried again.</summary>
    /// <param name="database">The application's name of the database.</param>
    /// <param name="error">Why.</param>
    /// <param name="next">The wait until then.</param>
    void ReadingFailed(string database, Exception error, TimeSpan next);
}
