namespace Bridge.Redis;

/// <content>What becomes of a subscription's messages.</content>
internal static partial class RedisScripts
{
    /// <summary><c>group, id, …</c>. Ends messages that were read from the stream and whose leases are surely this process's.</summary>
    /// <remarks>
    /// Of several subscriptions, the last one's trimming takes entries away. Of one, entries that nobody has an older one of go with all that is
    /// before them, in whole blocks of the stream, which costs next to nothing; the last block's when there is time, or with later ones. Those
    /// behind one that somebody has go by their names, so that none is kept for long.
    /// </remarks>
    internal const string Acknowledge = """
        local stream, group, last = KEYS[1], ARGV[1], ARGV[#ARGV]
        redis.call('XACK', stream, unpack(ARGV))
        if #redis.call('XINFO', 'GROUPS', stream) > 1 then return end
        if #ARGV > 16 and #redis.call('XPENDING', stream, group, '-', last, 1) == 0 then
          redis.call('XTRIM', stream, 'MINID', '~', last)
        else
          redis.call('XDEL', stream, unpack(ARGV, 2))
        end
        """;

    /// <summary>
    /// <c>base, own, group, channel, (kind, id, lease, key, number, cause, reason)…</c> → of each whether the lease was still the one given. Kinds:
    /// <c>ack</c>; <c>retry</c> in so many milliseconds; <c>release</c>, uncounted; <c>extend</c> by so many milliseconds; <c>dead</c>.
    /// </summary>
    /// <remarks>
    /// A lease is the attempt and who holds it, as <c>leases</c> has it, or the stream's own list. An entry that is to wait goes from that list's
    /// holder to <c>host</c>, whose entries <c>pending</c> and <c>leases</c> speak for.
    /// </remarks>
    internal const string Settle = Subscription + """
        local isNews, ended, entries, replayed = false, {}, {}, {}
        local function bury(id, attempts, cause, reason)
          local fields, isNamed = load(id) or {}, false
          for at = 1, #fields, 2 do isNamed = isNamed or fields[at] == 'i' end
          local names = isNamed and {} or {'i', id, 't', string.match(id, '%d+')}
          for _, value in ipairs(names) do fields[#fields + 1] = value end
          for _, value in ipairs({'#at', string.format('%.0f', now), '#attempts', attempts, '#cause', cause, '#reason', reason}) do
            fields[#fields + 1] = value
          end
          redis.call('XADD', own .. 'dead', '*', unpack(fields))
        end
        local function finish(id, key)
          ended[#ended + 1] = id
          local kept = string.sub(id, 1, 1) == 'r' and replayed or entries
          kept[#kept + 1] = id
          if key ~= '' then
            local behind = redis.call('LPOP', own .. 'waiting:' .. key)
            if behind then
              redis.call('HSET', own .. 'keys', key, behind)
              redis.call('ZADD', own .. 'pending', now, behind)
              isNews = true
            else
              redis.call('HDEL', own .. 'keys', key)
            end
          end
        end

        local ids, held, isInStream, moved, answers = {}, {}, {}, {}, {}
        for at = 6, #ARGV, 7 do ids[#ids + 1] = ARGV[at] end
        for place, lease in ipairs(redis.call('HMGET', own .. 'leases', unpack(ids))) do
          local id = ids[place]
          if not lease and string.sub(id, 1, 1) ~= 'r' then
            local open = redis.call('XPENDING', stream, group, id, id, 1)[1]
            lease = open and open[2] ~= 'host' and open[4] .. '|' .. open[2]
            isInStream[id] = lease
          end
          held[id] = lease or ''
        end
        for at = 5, #ARGV, 7 do
          local kind, id, number = ARGV[at], ARGV[at + 1], ARGV[at + 4]
          local isHeld = held[id] == ARGV[at + 2]
          answers[#answers + 1] = isHeld and 1 or 0
          if isHeld then
            local attempts, holder = string.match(held[id], '^(%d+)|(.*)$')
            if kind == 'ack' then
              finish(id, ARGV[at + 3])
            elseif kind == 'dead' then
              bury(id, attempts, ARGV[at + 5], ARGV[at + 6])
              finish(id, ARGV[at + 3])
            elseif kind == 'extend' and isInStream[id] then
              redis.call('XCLAIM', stream, group, holder, 0, id, 'JUSTID')
            else
              redis.call('ZADD', own .. 'pending', now + number, id)
              if isInStream[id] then moved[#moved + 1] = id end
              if kind ~= 'extend' then
                redis.call('HSET', own .. 'leases', id, (kind == 'retry' and attempts or attempts - 1) .. '|')
                isNews = isNews or number == '0'
              end
            end
            -- What follows for the same message finds its lease over.
            if kind ~= 'extend' then held[id] = '' end
          end
        end
        if #moved > 0 then
          moved[#moved + 1] = 'JUSTID'
          redis.call('XCLAIM', stream, group, 'host', 0, unpack(moved))
        end
        if #ended > 0 then
          redis.call('ZREM', own .. 'pending', unpack(ended))
          redis.call('HDEL', own .. 'leases', unpack(ended))
        end
        if #replayed > 0 then
          redis.call('HDEL', own .. 'replayed', unpack(replayed))
        end
        if #entries > 0 then
          redis.call('XACK', stream, group, unpack(entries))
          -- Of several subscriptions, the last one's trimming takes them away.
          if #redis.call('XINFO', 'GROUPS', stream) == 1 then redis.call('XDEL', stream, unpack(entries)) end
        end
        if isNews then redis.call('PUBLISH', ARGV[4], 'due') end
        return answers
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
        redis.call('PUBLISH', ARGV[4], 'due')
        return count
        """;
}
