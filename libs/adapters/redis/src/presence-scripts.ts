import { script } from './script.ts';

/**
 * KEYS user. ARGV device, value, keep, stale. Returns the device's former value, then all devices and values,
 * alternating; nothing is written and there is no second result if the former value is of a session that began later
 * than `stale` (Unix ms).
 */
export const PUT = script<[old: string | null, all?: string[]]>(`
local old = redis.call('HGET', KEYS[1], ARGV[1])
if old and cjson.decode(old)[4] > tonumber(ARGV[4]) then return {old} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {old, redis.call('HGETALL', KEYS[1])}
`);

/** KEYS users. Returns for each user devices and values, alternating. */
export const FIND = script<string[][]>(`
local found = {}
for i, user in ipairs(KEYS) do found[i] = redis.call('HGETALL', user) end
return found
`);

/** KEYS user. ARGV device, the beginning and the end of the value. Removes and returns the value if it matches. */
export const TAKE = script<string | null>(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or string.sub(value, 1, #ARGV[2]) ~= ARGV[2] then return false end
if #ARGV[3] > 0 and string.sub(value, -#ARGV[3]) ~= ARGV[3] then return false end
redis.call('HDEL', KEYS[1], ARGV[1])
return value
`);

/**
 * KEYS user. ARGV device, the beginning and the end of the value, keep. Prolongs the key if the value matches; else 0.
 */
export const TOUCH = script<number>(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or string.sub(value, 1, #ARGV[2]) ~= ARGV[2] or string.sub(value, -#ARGV[3]) ~= ARGV[3] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[4])
`);

/** KEYS node. ARGV registration, keep. */
export const LIST = script<number>(`
redis.call('ZADD', KEYS[1], 0, ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
