import { createHash } from 'node:crypto';
import type { RedisClient } from './client.ts';

/** The ARGV of a script. */
export type ScriptArgs = readonly (string | number)[];
/** Runs a script with these KEYS, which share a hash tag, so that one node of a cluster has them all. */
export type Script<T> = (client: RedisClient, keys: readonly string[], args: ScriptArgs) => Promise<T>;

/**
 * A Lua script that the server runs atomically. It is sent by its digest; a server that does not know it (restarted or
 * emptied) gets the text. The type parameter is what the script returns.
 */
export function script<T>(lua: string): Script<T> {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (client, keys, args) => {
    try {
      return (await client.evalsha(digest, keys.length, ...keys, ...args)) as T;
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return (await client.eval(lua, keys.length, ...keys, ...args)) as T;
    }
  };
}

/** `now`: milliseconds of the server's own clock, the only clock for leases and buckets. */
export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
