import { NOW, script } from './script.ts';

/**
 * KEYS of every script here start with leases and seen. Each script first reads the time and compares it with that of
 * the last script. If no script ran for this long, the server itself was away (stopped, frozen, cut off) and no node
 * could renew. That gap does not count against the leases: otherwise every node would be considered dead at the
 * server's return. Renewals and recovery run more often than this, so silent nodes alone cause no such gap.
 */
const AWAY_MS = 3_000;
const TIME = `
${NOW}
local leases = KEYS[1]
local seen = tonumber(redis.call('GET', KEYS[2]) or now)
if now - seen > ${AWAY_MS} then
  local standing = redis.call('ZRANGEBYSCORE', leases, '(' .. seen, '+inf', 'WITHSCORES')
  for i = 1, #standing, 2 do redis.call('ZADD', leases, standing[i + 1] + now - seen, standing[i]) end
end
redis.call('SET', KEYS[2], now, 'PX', ${AWAY_MS * 1_000})
local text = function(number) return string.format('%.0f', number) end
`;

/** A number that only rises, even if the registry was emptied meanwhile: the server's microseconds. */
const SERIAL = 'local serial = time[1] * 1000000 + time[2]';

/** How long one process claims the removal of entries, milliseconds; then another process may finish it. */
const REMOVAL_MS = 60_000;

/**
 * KEYS leases, seen, infos, claims, leaving. ARGV node, info, lease, maximum nodes, keep.
 * Returns 1 if the lease was valid, 0 if not, -1 if there is no room; and the incarnation. A node whose lease had ended
 * starts a new incarnation, above all those whose entries are to be removed.
 */
export const RENEW = script<[stood: number, incarnation: string]>(`
${TIME}
${SERIAL}
local infos, claims, leaving = KEYS[3], KEYS[4], KEYS[5]
local node = ARGV[1]
local ends = redis.call('ZSCORE', leases, node)
local known = redis.call('HGET', infos, node)
local stood = ends and known and tonumber(ends) > now
if not ends and redis.call('ZCARD', leases) >= tonumber(ARGV[4]) then
  local dead = redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 1)[1]
  if not dead then return {-1, ''} end
  redis.call('ZREM', leases, dead)
  redis.call('HDEL', infos, dead)
  redis.call('HDEL', claims, dead)
  redis.call('HSET', leaving, dead, text(serial) .. ' 0')
end
local incarnation
if stood then
  incarnation = string.match(known, '^%d+')
else
  local left = redis.call('HGET', leaving, node)
  if left then serial = math.max(serial, tonumber(string.match(left, '^%d+')) + 1) end
  incarnation = text(serial)
end
redis.call('ZADD', leases, now + ARGV[3], node)
redis.call('HSET', infos, node, incarnation .. ' ' .. ARGV[2])
redis.call('HDEL', claims, node)
for _, key in ipairs({leases, infos, claims, leaving}) do redis.call('PEXPIRE', key, ARGV[5]) end
return {stood and 1 or 0, incarnation}
`);

/**
 * KEYS leases, seen, infos, claims, leaving. ARGV node, "1" if it must be dead, keep.
 * Forgets a node, and records that its entries up to the returned incarnation are to be removed; null: its lease is
 * valid.
 */
export const LEAVE = script<string | null>(`
${TIME}
${SERIAL}
local node = ARGV[1]
local ends = redis.call('ZSCORE', leases, node)
if ARGV[2] == '1' and ends and tonumber(ends) > now then return false end
redis.call('ZREM', leases, node)
redis.call('HDEL', KEYS[3], node)
redis.call('HDEL', KEYS[4], node)
redis.call('HSET', KEYS[5], node, text(serial) .. ' ' .. text(now + ${REMOVAL_MS}))
redis.call('PEXPIRE', KEYS[5], ARGV[3])
return text(serial)
`);

/** KEYS leases, seen, infos. Returns the infos of the nodes whose lease is valid. */
export const LIVE = script<string[]>(`
${TIME}
local infos = {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf')) do
  local info = redis.call('HGET', KEYS[3], node)
  if info then infos[#infos + 1] = string.match(info, '^%d+ (.*)$') end
end
return infos
`);

/** KEYS leases, seen. Returns node and remaining milliseconds of its lease, alternating. */
export const STANDING = script<(string | number)[]>(`
${TIME}
local found = redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf', 'WITHSCORES')
for i = 2, #found, 2 do found[i] = tonumber(found[i]) - now end
return found
`);

/**
 * KEYS leases, seen, infos, claims, leaving. ARGV claim in ms, maximum nodes returned, keep.
 * Returns the infos of the dead nodes that are not claimed; and, alternating, nodes with entries to be removed and the
 * incarnation up to which, unless another process is removing them.
 */
export const CLAIM = script<[infos: string[], leaving: string[]]>(`
${TIME}
local infos, leaving = {}, {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do
  if #infos >= tonumber(ARGV[2]) then break end
  local claimed = redis.call('HGET', KEYS[4], node)
  local info = redis.call('HGET', KEYS[3], node)
  if info and not (claimed and tonumber(claimed) > now) then
    redis.call('HSET', KEYS[4], node, text(now + ARGV[1]))
    infos[#infos + 1] = string.match(info, '^%d+ (.*)$')
  end
end
local noted = redis.call('HGETALL', KEYS[5])
for i = 1, #noted, 2 do
  local incarnation, taken = string.match(noted[i + 1], '^(%d+) (%d+)$')
  if tonumber(taken) <= now then
    redis.call('HSET', KEYS[5], noted[i], incarnation .. ' ' .. text(now + ${REMOVAL_MS}))
    leaving[#leaving + 1] = noted[i]
    leaving[#leaving + 1] = incarnation
  end
end
for i = 4, 5 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return {infos, leaving}
`);
