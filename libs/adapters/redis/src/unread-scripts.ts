import { script } from './script.ts';

const POSITION = `
local positionOf = function(text) return tonumber(string.match(text, ' (%d+)$')) end
local advance = function(key, position, keep)
  local fence = tonumber(redis.call('GET', key) or '-1')
  if position > fence then fence = position end
  redis.call('SET', key, string.format('%.0f', fence), 'PX', keep)
end
`;

/**
 * KEYS counts and fence of each user. ARGV keep of the fence, then for each state user, conversation, count, total and
 * position. A state that is not above the kept position changes nothing; absent counts stay absent. A conversation
 * without a count had nothing unread as of the fill.
 */
export const SET = script<null>(`
${POSITION}
local filled, highest = {}, {}
for user = 1, #KEYS / 2 do
  filled[user] = redis.call('HGET', KEYS[2 * user - 1], 'filled')
  highest[user] = 0
end
for i = 2, #ARGV, 5 do
  local user, conversation, position = tonumber(ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 4])
  local counts = KEYS[2 * user - 1]
  highest[user] = math.max(highest[user], position)
  if filled[user] then
    local kept = redis.call('HGET', counts, conversation)
    if position > (kept and positionOf(kept) or tonumber(filled[user])) then
      redis.call('HSET', counts, conversation, ARGV[i + 2] .. ' ' .. ARGV[i + 4])
    end
    if position > positionOf(redis.call('HGET', counts, 'total')) then
      redis.call('HSET', counts, 'total', ARGV[i + 3] .. ' ' .. ARGV[i + 4])
    end
  end
end
for user, position in ipairs(highest) do advance(KEYS[2 * user], position, ARGV[1]) end
return false
`);

/**
 * KEYS counts, fence. ARGV keep of the counts, keep of the fence, position, total, then conversation and count of each.
 * Takes counts read from the store unless they are older than a position heard of while nothing was cached, or than the
 * last fill. Cached counts with a higher position stay.
 */
export const FILL = script<null>(`
${POSITION}
local position = tonumber(ARGV[3])
local filled = redis.call('HGET', KEYS[1], 'filled')
if position < tonumber(filled or redis.call('GET', KEYS[2]) or '-1') then return false end
local merged = {}
for i = 5, #ARGV, 2 do merged[ARGV[i]] = ARGV[i + 1] .. ' ' .. ARGV[3] end
merged.total = ARGV[4] .. ' ' .. ARGV[3]
if filled then
  local kept = redis.call('HGETALL', KEYS[1])
  for i = 1, #kept, 2 do
    if kept[i] ~= 'filled' and positionOf(kept[i + 1]) > position then merged[kept[i]] = kept[i + 1] end
  end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'filled', ARGV[3])
for field, text in pairs(merged) do redis.call('HSET', KEYS[1], field, text) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
advance(KEYS[2], position, ARGV[2])
return false
`);
