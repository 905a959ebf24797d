namespace Bridge.Postgres.Outbox;

/// <summary>Topics whose broker is left alone for a while, longer with each failure. Thread: one.</summary>
internal sealed class RestingTopics(TimeProvider time)
{
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _topics = new(StringComparer.Ordinal);

    /// <summary>Those that rest now.</summary>
    internal string[] Names => [.. _topics.Where(topic => topic.Value.Until > time.GetUtcNow()).Select(topic => topic.Key)];

    /// <summary>The wait after so many failures in a row: 200 ms, doubled, up to 30 s.</summary>
    internal static TimeSpan PauseAfter(int failures) => TimeSpan.FromSeconds(Math.Min(0.1 * Math.Pow(2, Math.Min(failures, 20)), 30));

    /// <summary>Has a topic rest.</summary>
    /// <returns>For how long.</returns>
    internal TimeSpan Rest(string topic)
    {
        var failures = _topics.GetValueOrDefault(topic).Failures + 1;
        var pause = PauseAfter(failures);
        _topics[topic] = (failures, time.GetUtcNow() + pause);
        return pause;
    }

    /// <summary>Its broker has taken messages.</summary>
    internal void Wake(string topic) => _topics.Remove(topic);

    /// <summary>How long to wait for news at most: until the first rest is over.</summary>
    internal TimeSpan Patience(TimeSpan atMost)
    {
        var next = _topics.Values.Select(topic => topic.Until - time.GetUtcNow()).Where(left => left > TimeSpan.Zero).Append(atMost).Min();
        return next < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : next;
    }
}
