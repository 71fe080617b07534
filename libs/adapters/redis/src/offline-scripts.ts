import { script } from './script.ts';

/**
 * A user's messages are members "id message" of a sorted set with equal scores, so ordered by id. A range of one id has
 * the bounds "[id " and "(id!", as "!" follows " ".
 */
const PARTS = `
local users, bytes, mine = KEYS[1], KEYS[2], KEYS[3]
local OVERHEAD = 120
local account = function(user, change)
  if redis.call('HINCRBY', bytes, user, change) <= 0 then redis.call('HDEL', bytes, user) end
  redis.call('HINCRBY', bytes, '', change)
end
local removeId = function(id)
  local found = redis.call('ZRANGEBYLEX', mine, '[' .. id .. ' ', '(' .. id .. '!')[1]
  if not found then return 0 end
  redis.call('ZREM', mine, found)
  return -(#found + OVERHEAD)
end
`;

/**
 * KEYS users, bytes, the user's messages. ARGV user, maximum messages per user, maximum bytes of the part, keep, the
 * prefix of the keys of users' messages, then id and message of each. Evicts expired users and, at the bound, those
 * whose last message is oldest; their keys share this script's hash tag, so they are on the same node. If only one user
 * is left at the bound, the newest messages stay. The sum restarts from zero when nothing it counted is left.
 */
export const ADD = script<null>(`
local time = redis.call('TIME')
${PARTS}
local user, keep = ARGV[1], tonumber(ARGV[4])
local stamp = time[1] * 1000000 + time[2]
local change = 0
for i = 6, #ARGV, 2 do
  local member = ARGV[i] .. ' ' .. ARGV[i + 1]
  change = change + removeId(ARGV[i]) + #member + OVERHEAD
  redis.call('ZADD', mine, 0, member)
end
for _ = 1, redis.call('ZCARD', mine) - tonumber(ARGV[2]) do
  change = change - #redis.call('ZPOPMIN', mine)[1] - OVERHEAD
end
account(user, change)
redis.call('ZADD', users, stamp, user)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], keep) end
local forget = function(other)
  redis.call('UNLINK', ARGV[5] .. other)
  redis.call('ZREM', users, other)
  account(other, -tonumber(redis.call('HGET', bytes, other) or '0'))
end
local over = string.format('(%.0f', stamp - keep * 1000)
for _, other in ipairs(redis.call('ZRANGEBYSCORE', users, '-inf', over, 'LIMIT', 0, 100)) do forget(other) end
while tonumber(redis.call('HGET', bytes, '')) > tonumber(ARGV[3]) do
  local oldest = redis.call('ZRANGE', users, 0, 0)[1]
  if oldest ~= user then
    forget(oldest)
  else
    local popped = redis.call('ZPOPMIN', mine)[1]
    if not popped then
      redis.call('DEL', bytes)
      break
    end
    account(user, -#popped - OVERHEAD)
  end
end
return false
`);

/** KEYS the user's messages. ARGV ids. */
export const READ = script<(string | null)[]>(`
local found = {}
for i, id in ipairs(ARGV) do
  found[i] = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. id .. ' ', '(' .. id .. '!')[1] or false
end
return found
`);

/** KEYS users, bytes, the user's messages. ARGV user, then ids. */
export const DROP = script<null>(`
${PARTS}
local change = 0
for i = 2, #ARGV do change = change + removeId(ARGV[i]) end
if change ~= 0 then account(ARGV[1], change) end
if redis.call('EXISTS', mine) == 0 then redis.call('ZREM', users, ARGV[1]) end
return false
`);
