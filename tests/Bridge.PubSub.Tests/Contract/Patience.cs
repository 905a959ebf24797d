namespace Bridge.PubSub.Tests.Contract;

/// <summary>How long tests wait.</summary>
internal static class Patience
{
    /// <summary>For what has to happen.</summary>
    public static TimeSpan Long => TimeSpan.FromSeconds(60);

    /// <summary>For what must not happen.</summary>
    public static TimeSpan Short => TimeSpan.FromMilliseconds(400);

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(Func<bool> condition, Func<string> state) => UntilAsync(() => Task.FromResult(condition()), state);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string})"/>
    public static Task UntilAsync(Func<Task<bool>> condition, Func<string> state) => UntilAsync(condition, state, Long);

    /// <summary>Waits until something is so, as long as is said.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> state, TimeSpan limit)
    {
        var end = TimeProvider.System.GetUtcNow() + limit;
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"It didn't come about within {limit}: {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }
}
