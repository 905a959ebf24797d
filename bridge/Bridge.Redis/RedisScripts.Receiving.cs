namespace Bridge.Redis;

/// <content>How a subscription gets messages.</content>
internal static partial class RedisScripts
{
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

    // Of messages that wait for their time, those of whom it has come; and of messages that a process has, those whose lease is over. The
    // stream's own list knows when it gave an entry to whom: where the time is longer than a lease, and the process hasn't been heard of for as
    // long, the entry is this process's. Its own entries come back to it as well. Processes that are gone for an hour are forgotten.
    private const string Due = Subscription + """
        local channel, max, lease, token, me, isTakeover = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9] == '1'
        local delayed = redis.call('ZRANGEBYSCORE', base .. 'delayed', '-inf', now, 'LIMIT', 0, 100)
        for _, id in ipairs(delayed) do
          redis.call('XADD', stream, '*', unpack(cmsgpack.unpack(redis.call('HGET', base .. 'delayed-bodies', id))))
          redis.call('ZREM', base .. 'delayed', id)
          redis.call('HDEL', base .. 'delayed-bodies', id)
        end
        if #delayed > 0 then redis.call('PUBLISH', channel, '') end

        local given, scores, leases = {}, {}, {}
        local function give(id, attempt, fields)
          given[#given + 1] = {id, attempt, fields, token}
          scores[#scores + 1] = now + lease
          scores[#scores + 1] = id
          leases[#leases + 1] = id
          leases[#leases + 1] = attempt .. '|' .. token
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

        local function takeOver(from)
          for _, open in ipairs(redis.call('XPENDING', stream, group, 'IDLE', lease, '-', '+', max - #given, from)) do
            local id, attempts = open[1], open[4]
            local entry = redis.call('XCLAIM', stream, group, me, lease, id)[1]
            if entry and entry[2] then
              given[#given + 1] = {id, attempts + 1, entry[2], me}
            else
              redis.call('XACK', stream, group, id)
            end
          end
        end
        local consumers = isTakeover and redis.pcall('XINFO', 'CONSUMERS', stream, group) or {}
        for _, facts in ipairs(consumers) do
          local consumer = {}
          for at = 1, #facts, 2 do consumer[facts[at]] = facts[at + 1] end
          local name, isQuiet = consumer['name'], consumer['idle'] >= lease
          if name ~= 'host' and consumer['pending'] > 0 then
            if (name == me or isQuiet) and #given < max then takeOver(name) end
          elseif name ~= 'host' and name ~= me and consumer['idle'] > 3600000 then
            redis.call('XGROUP', 'DELCONSUMER', stream, group, name)
          end
        end

        """;

    private const string Answer = """
        if #scores > 0 then
          redis.call('ZADD', own .. 'pending', unpack(scores))
          redis.call('HSET', own .. 'leases', unpack(leases))
        end
        if #given > 0 then return {given, 0, 0} end

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
    /// <c>base, own, group, channel, max, lease, token, consumer, whether to take over</c> → <c>[[[id, attempt, fields, holder], …], next, more]</c>:
    /// messages whose time has come, or whose lease was another's; how many milliseconds until the next that is known of comes due, -1 for none;
    /// whether there may be more though none was found.
    /// </summary>
    internal const string Look = Due + "local budget = 1\n" + Answer;

    /// <summary>The same, and what is new in the stream: of an ordered topic's messages, one of each key.</summary>
    internal const string ReceiveInOrder = Due + """
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

        """ + Answer;

    /// <summary><c>group, consumer</c>. Forgets a process that has nothing any more.</summary>
    internal const string Leave = """
        local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
        for _, facts in ipairs(consumers) do
          local consumer = {}
          for at = 1, #facts, 2 do consumer[facts[at]] = facts[at + 1] end
          if consumer['name'] == ARGV[2] and consumer['pending'] == 0 then
            redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
          end
        end
        """;
}
