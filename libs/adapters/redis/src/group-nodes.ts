import type { GroupNodes } from '@chasqui/ports';
import { KEEP_MS, type Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { NOW, script } from './script.ts';

/** KEYS groups. ARGV node, keep. Nodes that have not subscribed for so long are removed, so that dead ones do not pile up. */
const SUBSCRIBE = script<number>(`
${NOW}
for _, group in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', group, '-inf', now - ARGV[2])
  redis.call('ZADD', group, now, ARGV[1])
  redis.call('PEXPIRE', group, ARGV[2])
end
return #KEYS
`);

/** KEYS groups. ARGV node. */
const UNSUBSCRIBE = script<number>(`
for _, group in ipairs(KEYS) do redis.call('ZREM', group, ARGV[1]) end
return #KEYS
`);

/** KEYS groups. ARGV keep. Returns the nodes of each. */
const NODES = script<string[][]>(`
${NOW}
local found = {}
for i, group in ipairs(KEYS) do found[i] = redis.call('ZRANGEBYSCORE', group, '(' .. (now - ARGV[1]), '+inf') end
return found
`);

/** Subscriptions in Redis: a sorted set of nodes per group, by the time of their last subscription. */
export function createRedisGroupNodes({ link, keys }: { link: RedisLink; keys: Keys }): GroupNodes {
  const keep = KEEP_MS.groups;
  return {
    async subscribe(nodeId, groups) {
      await link.call((client) =>
        Promise.all(link.groups(groups).map((some) => SUBSCRIBE(client, some.map(keys.group), [nodeId, keep]))),
      );
    },
    async unsubscribe(nodeId, groups) {
      await link.call((client) =>
        Promise.all(link.groups(groups).map((some) => UNSUBSCRIBE(client, some.map(keys.group), [nodeId]))),
      );
    },
    async nodesOf(groups) {
      const found = await link.call((client) =>
        Promise.all(link.groups(groups).map((some) => NODES(client, some.map(keys.group), [keep]))),
      );
      return found.flat();
    },
    async ping() {
      await link.call((client) => client.ping());
    },
    async [Symbol.asyncDispose]() {},
  };
}
