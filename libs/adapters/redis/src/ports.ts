import type { Clock } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';
import type { RedisConfig } from './config.ts';
import { createRedisDedupHints } from './dedup-hints.ts';
import { createRedisGroupNodes } from './group-nodes.ts';
import { Incarnations } from './incarnations.ts';
import { createKeys } from './keys.ts';
import { LeaseView } from './lease-view.ts';
import { createRedisNodes } from './node-registry.ts';
import { createRedisOfflineCache } from './offline-cache.ts';
import { createRedisPresence } from './presence.ts';
import { PresenceTouch } from './presence-touch.ts';
import { createRedisProgressWitness } from './progress-witness.ts';
import { createRedisRateLimits } from './rate-limits.ts';
import type { RedisLink } from './redis-link.ts';
import type { ServerRestarts } from './server-restarts.ts';
import { createRedisUnreadCache } from './unread-cache.ts';

/** The ports that Redis implements. */
export type RedisPorts = Pick<
  Engines,
  'presence' | 'nodes' | 'groupNodes' | 'unreadCache' | 'dedupHints' | 'rateLimits'
> &
  Required<Pick<Engines, 'offlineCache' | 'progressWitness'>>;

export interface RedisPortsOptions {
  link: RedisLink;
  restarts: ServerRestarts;
  clock: Clock;
  config: Pick<RedisConfig, 'prefix' | 'offlinePerUser' | 'offlineMaxBytes' | 'dedupMaxMs'>;
}

/** Every port over one connection. */
export function createRedisPorts({ link, restarts, clock, config }: RedisPortsOptions): RedisPorts {
  const keys = createKeys(config.prefix);
  const incarnations = new Incarnations();
  const touch = new PresenceTouch(link, keys, clock);
  const leases = new LeaseView(link, keys, clock);
  return {
    presence: createRedisPresence({ link, keys, leases, incarnations, touch }),
    nodes: createRedisNodes({ link, restarts, keys, incarnations, touch }),
    groupNodes: createRedisGroupNodes({ link, keys }),
    unreadCache: createRedisUnreadCache({ link, keys }),
    offlineCache: createRedisOfflineCache({
      link,
      keys,
      perUser: config.offlinePerUser,
      maxBytes: config.offlineMaxBytes,
    }),
    dedupHints: createRedisDedupHints({ link, keys, maxMs: config.dedupMaxMs }),
    rateLimits: createRedisRateLimits({ link, keys }),
    progressWitness: createRedisProgressWitness({ link, keys }),
  };
}
