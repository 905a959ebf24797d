using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Whether the server keeps what it is given.</summary>
internal static class RedisSettings
{
    /// <summary>Compares the server's settings with what is asked of it. Where it doesn't tell them, as hosted ones often don't, nothing is said.</summary>
    /// <returns>What doesn't suffice, one line each.</returns>
    internal static async Task<List<string>> CheckAsync(IDatabase database, RedisDurability durability, string place)
    {
        List<string> missing = [];
        if (durability == RedisDurability.None)
        {
            return missing;
        }

        if (await ReadAsync(database, "appendonly").ConfigureAwait(false) == "no")
        {
            missing.Add($"setting appendonly yes of Redis at {place}: without it a restart loses messages; or ask for durability \"none\"");
        }
        else if (durability == RedisDurability.Always && await ReadAsync(database, "appendfsync").ConfigureAwait(false) is { } often and not "always")
        {
            missing.Add($"setting appendfsync always of Redis at {place}: with {often} a crash loses the last messages; or ask for durability \"every second\"");
        }

        if (await ReadAsync(database, "maxmemory-policy").ConfigureAwait(false) is { } policy and not "noeviction"
            && await ReadAsync(database, "maxmemory").ConfigureAwait(false) is not "0")
        {
            missing.Add($"setting maxmemory-policy noeviction of Redis at {place}: with {policy} it deletes messages when its memory is full");
        }

        return missing;
    }

    private static async Task<string?> ReadAsync(IDatabase database, string name)
    {
        try
        {
            var answer = await database.ExecuteAsync("CONFIG", "GET", name).ConfigureAwait(false);
            return answer.Length >= 2 ? (string?)answer[1] : null;
        }
        catch (RedisServerException)
        {
            // It isn't told, or this user may not ask.
            return null;
        }
    }
}
