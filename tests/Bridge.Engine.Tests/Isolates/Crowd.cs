namespace Bridge.Engine.Tests.Isolates;

/// <summary>Many callers at once.</summary>
internal static class Crowd
{
    /// <summary>Runs <paramref name="body"/> with every number below <paramref name="count"/>, <paramref name="atOnce"/> at a time on many threads.</summary>
    internal static Task RunAsync(int count, int atOnce, Func<int, Task> body) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (number, _) => await body(number)).WaitAsync(EngineThread.Patience * 2);
}
