namespace Bridge.Redis;

/// <summary>What happens at once on the server. Each script takes the topic's stream as its key and the names' beginnings as arguments.</summary>
internal static class RedisScripts
{
    private const string Clock = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

        """;

    /// <summary><c>base, channel, (id, deduplication, ttl, due, count, field, value, …)…</c> → ids. A topic that nobody subscribes to keeps nothing.</summary>
    internal const string Publish = Clock + """
        local base, channel = ARGV[1], ARGV[2]
        local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
        local isWanted = not groups.err and #groups > 0
        local ids, at, isNew = {}, 3, false
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
          redis.call('PUBLISH', channel, '')
        end
        return ids
        """;

    private const string Subscription = Clock + """
        local stream, base, own, group = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
        local function load(id)
          if string.sub(id, 1, 1) == 'r' then
            local packed = redis.call('HGET', own .. 'replayed', id)
            return packed and cmsgpack.unpack(packed)
          end
          local found = redis.call('XRANGE', stream, id, id)
          return found[1] and found[1][2]
        end
        local function keyOf(fields)
          for at = 1, #fields, 2 do
            if fields[at] == 'k' then return fields[at + 1] end
          end
        end

        """;

    /// <summary>
    /// <c>base, own, group, max, lease, token</c> → <c>[[[id, attempt, fields], …], next, more]</c>: messages; how many milliseconds until the next
    /// that is known of comes due, -1 for none; whether there may be more though none was found.
    /// </summary>
    internal const string Receive = Subscription + """
        local max, lease, token = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. 'delayed', '-inf', now, 'LIMIT', 0, 100)) do
          redis.call('XADD', stream, '*', unpack(cmsgpack.unpack(redis.call('HGET', base .. 'delayed-bodies', id))))
          redis.call('ZREM', base .. 'delayed', id)
          redis.call('HDEL', base .. 'delayed-bodies', id)
        end

        local given = {}
        local function give(id, attempt, fields)
          redis.call('ZADD', own .. 'pending', now + lease, id)
          redis.call('HSET', own .. 'leases', id, attempt .. '|' .. token)
          given[#given + 1] = {id, attempt, fields}
        end
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', own .. 'pending', '-inf', now, 'LIMIT', 0, max)) do
          local fields = load(id)
          local held = redis.call('HGET', own .. 'leases', id)
          if fields then
            give(id, (held and tonumber(string.match(held, '^%d+')) or 0) + 1, fields)
          else
            -- Somebody has deleted it from the stream.
            redis.call('ZREM', own .. 'pending', id)
            redis.call('HDEL', own .. 'leases', id)
            redis.call('XACK', stream, group, id)
          end
        end

        -- Of each key one message is out; those behind it are put aside, so many at a time that the server isn't held up.
        local budget = 1000
        while #given < max and budget > 0 do
          local read = redis.call('XREADGROUP', 'GROUP', group, 'host', 'COUNT', math.min(max - #given, budget), 'STREAMS', stream, '>')
          if not read then break end
          for _, entry in ipairs(read[1][2]) do
            budget = budget - 1
            local key = keyOf(entry[2])
            if key and redis.call('HSETNX', own .. 'keys', key, entry[1]) == 0 then
              redis.call('RPUSH', own .. 'waiting:' .. key, entry[1])
            else
              give(entry[1], 1, entry[2])
            end
          end
        end

        local due = -1
        for _, set in ipairs({own .. 'pending', base .. 'delayed'}) do
          local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
          if first[2] and (due < 0 or first[2] - now < due) then
            due = math.max(0, first[2] - now)
          end
        end
        return {given, math.ceil(due), budget <= 0 and 1 or 0}
        """;

    /// <summary>
    /// <c>base, own, group, channel, kind, id, token, key, number, cause, reason</c> → 1 where the lease was this one's. Kinds: <c>ack</c>;
    /// <c>retry</c> in so many milliseconds; <c>release</c>, uncounted; <c>extend</c> by so many milliseconds; <c>dead</c>.
    /// </summary>
    internal const string Settle = Subscription + """
        local channel, kind, id, token, key = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
        local held = redis.call('HGET', own .. 'leases', id)
        local attempts, current = string.match(held or '', '^(%d+)|(.*)$')
        if current ~= token then return 0 end
        if kind == 'extend' then
          redis.call('ZADD', own .. 'pending', now + ARGV[9], id)
          return 1
        end
        if kind == 'retry' or kind == 'release' then
          redis.call('ZADD', own .. 'pending', now + ARGV[9], id)
          redis.call('HSET', own .. 'leases', id, (kind == 'retry' and attempts or attempts - 1) .. '|')
          if ARGV[9] == '0' then redis.call('PUBLISH', channel, '') end
          return 1
        end

        if kind == 'dead' then
          local fields = load(id) or {}
          for _, value in ipairs({'#at', string.format('%.0f', now), '#attempts', attempts, '#cause', ARGV[10], '#reason', ARGV[11]}) do
            fields[#fields + 1] = value
          end
          redis.call('XADD', own .. 'dead', '*', unpack(fields))
        end
        redis.call('ZREM', own .. 'pending', id)
        redis.call('HDEL', own .. 'leases', id)
        if string.sub(id, 1, 1) == 'r' then
          redis.call('HDEL', own .. 'replayed', id)
        else
          redis.call('XACK', stream, group, id)
          -- Of several subscriptions, the last one's trimming takes it away.
          if #redis.call('XINFO', 'GROUPS', stream) == 1 then redis.call('XDEL', stream, id) end
        end
        if key ~= '' then
          local behind = redis.call('LPOP', own .. 'waiting:' .. key)
          if behind then
            redis.call('HSET', own .. 'keys', key, behind)
            redis.call('ZADD', own .. 'pending', now, behind)
            redis.call('PUBLISH', channel, '')
          else
            redis.call('HDEL', own .. 'keys', key)
          end
        end
        return 1
        """;

    /// <summary><c>base, own, group, channel, id, …</c> → how many dead letters the subscription has again.</summary>
    internal const string Replay = Subscription + """
        local count = 0
        for at = 5, #ARGV do
          local found = redis.call('XRANGE', own .. 'dead', ARGV[at], ARGV[at])[1]
          if found then
            local id, fields = 'r' .. ARGV[at], {}
            for place = 1, #found[2], 2 do
              local name = found[2][place]
              if string.sub(name, 1, 1) ~= '#' then
                fields[#fields + 1] = name
                fields[#fields + 1] = name == 't' and string.format('%.0f', now) or found[2][place + 1]
              end
            end
            redis.call('HSET', own .. 'replayed', id, cmsgpack.pack(fields))
            local key = keyOf(fields)
            if key and redis.call('HSETNX', own .. 'keys', key, id) == 0 then
              redis.call('RPUSH', own .. 'waiting:' .. key, id)
            else
              redis.call('ZADD', own .. 'pending', now, id)
            end
            redis.call('XDEL', own .. 'dead', ARGV[at])
            count = count + 1
          end
        end
        redis.call('PUBLISH', ARGV[4], '')
        return count
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
