import { NOW, script } from './script.ts';

/** A number that only rises, also when the registry was emptied between: the server's microseconds. */
const SERIAL = `
${NOW}
local serial = time[1] * 1000000 + time[2]
local text = function(number) return string.format('%.0f', number) end
`;

/** For how long the removal of entries is one process's, milliseconds; then another finishes it. */
const REMOVAL_MS = 60_000;

/**
 * KEYS leases, infos, claims, leaving. ARGV node, info, lease, most nodes, keep.
 * Gives 1 when the lease stood, 0 when not, -1 when there is no room; and the incarnation. One whose lease had ended
 * begins a new incarnation, above all that is to be removed of it.
 */
export const RENEW = script<[stood: number, incarnation: string]>(`
${SERIAL}
local leases, infos, claims, leaving = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
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
for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
return {stood and 1 or 0, incarnation}
`);

/**
 * KEYS leases, infos, claims, leaving. ARGV node, "1" when it must be dead, keep.
 * Forgets a node, and notes that its entries up to the returned incarnation are to go; null: its lease stands.
 */
export const LEAVE = script<string | null>(`
${SERIAL}
local node = ARGV[1]
local ends = redis.call('ZSCORE', KEYS[1], node)
if ARGV[2] == '1' and ends and tonumber(ends) > now then return false end
redis.call('ZREM', KEYS[1], node)
redis.call('HDEL', KEYS[2], node)
redis.call('HDEL', KEYS[3], node)
redis.call('HSET', KEYS[4], node, text(serial) .. ' ' .. text(now + ${REMOVAL_MS}))
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return text(serial)
`);

/** KEYS leaving. ARGV node, incarnation. Its entries up to there are gone. */
export const LEFT = script<number>(`
local noted = redis.call('HGET', KEYS[1], ARGV[1])
if noted and string.match(noted, '^%d+') == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
`);

/** KEYS leases, infos. What the nodes whose lease stands say of themselves. */
export const LIVE = script<string[]>(`
${NOW}
local infos = {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
  local info = redis.call('HGET', KEYS[2], node)
  if info then infos[#infos + 1] = string.match(info, '^%d+ (.*)$') end
end
return infos
`);

/** KEYS leases. Node and milliseconds that its lease stands yet, by turns. */
export const STANDING = script<(string | number)[]>(`
${NOW}
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'WITHSCORES')
for i = 2, #found, 2 do found[i] = tonumber(found[i]) - now end
return found
`);

/**
 * KEYS leases, infos, claims, leaving. ARGV claim in ms, most nodes given, keep.
 * What the dead nodes that are nobody's said of themselves; and, by turns, nodes of which entries are to go up to which
 * incarnation, that nobody is at.
 */
export const CLAIM = script<[infos: string[], leaving: string[]]>(`
${SERIAL}
local infos, leaving = {}, {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  if #infos >= tonumber(ARGV[2]) then break end
  local until_ = redis.call('HGET', KEYS[3], node)
  local info = redis.call('HGET', KEYS[2], node)
  if info and not (until_ and tonumber(until_) > now) then
    redis.call('HSET', KEYS[3], node, text(now + ARGV[1]))
    infos[#infos + 1] = string.match(info, '^%d+ (.*)$')
  end
end
local noted = redis.call('HGETALL', KEYS[4])
for i = 1, #noted, 2 do
  local incarnation, until_ = string.match(noted[i + 1], '^(%d+) (%d+)$')
  if tonumber(until_) <= now then
    redis.call('HSET', KEYS[4], noted[i], incarnation .. ' ' .. text(now + ${REMOVAL_MS}))
    leaving[#leaving + 1] = noted[i]
    leaving[#leaving + 1] = incarnation
  end
end
for i = 3, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return {infos, leaving}
`);
