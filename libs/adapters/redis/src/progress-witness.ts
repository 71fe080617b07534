import type { ProgressWitness } from '@chasqui/ports';
import { KEEP_MS, type Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { script } from './script.ts';

/** KEYS progress. ARGV count, keep. Raises the count, or only prolongs it. */
const REMEMBER = script<number>(`
local known = redis.call('GET', KEYS[1])
if known and tonumber(known) >= tonumber(ARGV[1]) then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** See `ProgressWitness`. One key per epoch that the store had within a year. */
export function createRedisProgressWitness({ link, keys }: { link: RedisLink; keys: Keys }): ProgressWitness {
  return {
    witnessed: async (storeId) => Number((await link.call((client) => client.get(keys.progress(storeId)))) ?? 0),
    async remember(storeId, count) {
      await link.call((client) => REMEMBER(client, [keys.progress(storeId)], [count, KEEP_MS.progress]));
    },
  };
}
