namespace Bridge.PubSub.Tests.Kills;

/// <summary>When who is killed: the same at each run of a seed, so that a failure can be had again.</summary>
/// <param name="seed">What chance is made of.</param>
/// <param name="messages">How many messages flow in all.</param>
internal sealed class KillSchedule(int seed, int messages)
{
    /// <summary>How many peers are killed.</summary>
    public const int PeerKills = 10;

    /// <summary>How often the broker is killed.</summary>
    public const int Restarts = 3;

    private readonly Random _chance = new(seed);

    /// <summary>How many kills there are in all.</summary>
    public static int Steps => PeerKills + Restarts;

    /// <summary>The kills in their order: each after how many messages, and whether it is the broker's.</summary>
    public IReadOnlyList<(int After, bool IsRestart)> Draw()
    {
        var isRestart = Enumerable.Range(0, Steps).Select(step => step < Restarts).ToArray();
        _chance.Shuffle(isRestart);
        return [.. isRestart.Select((restart, step) => ((int)(Part(step) + (_chance.NextDouble() * (Part(step + 1) - Part(step)))), restart))];
    }

    /// <summary>Which of some is meant.</summary>
    public int Pick(int count) => _chance.Next(count);

    /// <summary>How many messages may be published by a step: some more than are waited for, and all at the last.</summary>
    public int PublishedBy(int step) => (int)Math.Min(Part(step + 3), messages);

    private double Part(int step) => messages * (double)step / (Steps + 1);
}
