namespace Bridge.Redis;

/// <summary>What happens at once on the server. Each script takes the topic's stream as its key.</summary>
internal static partial class RedisScripts
{
    private const string Clock = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

        """;

    /// <summary>
    /// <c>channel, (count, field, value, …)…</c> → of each the entry it is in the stream; nothing where there is no stream, since nobody subscribes.
    /// </summary>
    /// <remarks>As cheap for the server as the bare commands, whose parsing and answering it does once for all; and much cheaper for the client.</remarks>
    internal const string Publish = """
        local entries, at, count = {}, 2, #ARGV
        if redis.call('EXISTS', KEYS[1]) == 0 then return entries end
        while at <= count do
          local last = at + tonumber(ARGV[at])
          entries[#entries + 1] = redis.call('XADD', KEYS[1], '*', unpack(ARGV, at + 1, last))
          at = last + 1
        end
        redis.call('PUBLISH', ARGV[1], '')
        return entries
        """;

    /// <summary>
    /// <c>base, channel, (id, deduplication, ttl, due, count, field, value, …)…</c> → ids: of messages that are known again or come later. A
    /// topic that nobody subscribes to keeps nothing.
    /// </summary>
    internal const string PublishWithCare = Clock + """
        local base, channel = ARGV[1], ARGV[2]
        local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
        local isWanted = not groups.err and #groups > 0
        local ids, at, isNew, isDelayed = {}, 3, false, false
        while at <= #ARGV do
          local id, deduplication, ttl, due, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
          local known = deduplication ~= '' and redis.call('GET', base .. 'id:' .. deduplication)
          if known then
            id = known
          else
            if deduplication ~= '' then
              redis.call('SET', base .. 'id:' .. deduplication, id, 'PX', ttl)
            end
            if isWanted then
              local fields = {'i', id, 't', string.format('%.0f', math.max(now, due))}
              for field = at + 5, at + 4 + count do
                fields[#fields + 1] = ARGV[field]
              end
              if due > now then
                redis.call('ZADD', base .. 'delayed', due, id)
                redis.call('HSET', base .. 'delayed-bodies', id, cmsgpack.pack(fields))
                isDelayed = true
              else
                redis.call('XADD', KEYS[1], '*', unpack(fields))
              end
              isNew = true
            end
          end
          ids[#ids + 1] = id
          at = at + 5 + count
        end
        if isNew then
          redis.call('PUBLISH', channel, isDelayed and 'due' or '')
        end
        return ids
        """;

    /// <summary>→ how many messages went that every subscription is done with. One that waits for long keeps those after it.</summary>
    internal const string Trim = """
        local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
        if groups.err then return 0 end
        local function isBefore(one, other)
          local oneTime, oneNumber = string.match(one, '^(%d+)-(%d+)$')
          local otherTime, otherNumber = string.match(other, '^(%d+)-(%d+)$')
          oneTime, otherTime = tonumber(oneTime), tonumber(otherTime)
          return oneTime < otherTime or (oneTime == otherTime and tonumber(oneNumber) < tonumber(otherNumber))
        end
        local first
        for _, group in ipairs(groups) do
          local facts = {}
          for at = 1, #group, 2 do facts[group[at]] = group[at + 1] end
          local open = facts['last-delivered-id']
          if facts['pending'] > 0 then open = redis.call('XPENDING', KEYS[1], facts['name'])[2] end
          if not first or isBefore(open, first) then first = open end
        end
        return first and redis.call('XTRIM', KEYS[1], 'MINID', first) or 0
        """;
}
