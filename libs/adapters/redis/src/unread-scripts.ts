import { script } from './script.ts';

const POSITION = `
local positionOf = function(text) return tonumber(string.match(text, ' (%d+)$')) end
local raise = function(key, position, keep)
  local fence = tonumber(redis.call('GET', key) or '-1')
  if position > fence then fence = position end
  redis.call('SET', key, string.format('%.0f', fence), 'PX', keep)
end
`;

/**
 * KEYS counts, fence. ARGV keep of the fence, then conversation, count, total and position of each state. What is not
 * above the kept position changes nothing; absent counts stay absent. A conversation that is not named had nothing
 * unread as of the fill.
 */
export const SET = script<null>(`
${POSITION}
local filled = redis.call('HGET', KEYS[1], 'filled')
local highest = 0
for i = 2, #ARGV, 4 do
  local conversation, position = ARGV[i], tonumber(ARGV[i + 3])
  if position > highest then highest = position end
  if filled then
    local kept = redis.call('HGET', KEYS[1], conversation)
    if position > (kept and positionOf(kept) or tonumber(filled)) then
      redis.call('HSET', KEYS[1], conversation, ARGV[i + 1] .. ' ' .. ARGV[i + 3])
    end
    if position > positionOf(redis.call('HGET', KEYS[1], 'total')) then
      redis.call('HSET', KEYS[1], 'total', ARGV[i + 2] .. ' ' .. ARGV[i + 3])
    end
  end
end
raise(KEYS[2], highest, ARGV[1])
return false
`);

/**
 * KEYS counts, fence. ARGV keep of the counts, keep of the fence, position, total, then conversation and count of each.
 * Takes a truth unless it is older than what was heard of while nothing was cached, or than the last truth. Of cached
 * counts those with a higher position stay.
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
raise(KEYS[2], position, ARGV[2])
return false
`);
