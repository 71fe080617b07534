import type { Engines } from '@chasqui/ports';
import type { EnginesConfig } from './config.ts';

/** The ports that each role's engine provides; a role is named like its configuration key. */
export const ROLES = {
  bus: ['bus'],
  presence: [
    'presence',
    'nodes',
    'groupNodes',
    'unreadCache',
    'offlineCache',
    'dedupHints',
    'rateLimits',
    'progressWitness',
  ],
  store: [
    ...(['conversations', 'conversationStates', 'reactions', 'groups', 'logs'] as const),
    ...(['users', 'profiles', 'contacts', 'blocks'] as const),
    ...(['moments', 'momentReplies', 'momentPictures', 'devices', 'revocations', 'pushOutcomes'] as const),
    ...([
      'logins',
      'apiKeys',
      'auditLog',
      'erasures',
      'holds',
      'sweeps',
      'storeProgress',
      'serverEvents',
      'webhooks',
      'attachments',
      'movable',
    ] as const),
  ],
  messages: ['messages', 'locator'],
  search: ['search'],
} as const satisfies { [role: string]: readonly (keyof Engines)[] };

export type Role = keyof typeof ROLES;

/** The ports of some roles. */
export type EnginesOf<R extends Role> = Pick<Engines, (typeof ROLES)[R][number]>;

export const ALL_ROLES = Object.keys(ROLES) as Role[];

/** The cluster engines that can play each role. */
const CLUSTER_ENGINES = {
  bus: ['rocketmq', 'rabbitmq'],
  presence: ['redis'],
  store: ['mysql'],
  messages: ['hbase', 'mysqlMessages'],
  search: ['elasticsearch'],
} as const satisfies { [R in Role]: readonly (keyof EnginesConfig)[] };

/** The role of each cluster engine. */
export type RoleOf<E extends keyof EnginesConfig> = {
  [R in Role]: E extends (typeof CLUSTER_ENGINES)[R][number] ? R : never;
}[Role];

/** The cluster engine that is configured for a role; undefined if the embedded engines play it. */
export function clusterEngineOf(config: EnginesConfig, role: Role): keyof EnginesConfig | undefined {
  return CLUSTER_ENGINES[role].find((engine) => config[engine] !== undefined);
}

/** The name of the engine that plays a role, as in the configuration. */
export function engineOf(config: EnginesConfig, role: Role): string {
  const engine = clusterEngineOf(config, role) ?? 'embedded';
  return engine === 'mysqlMessages' ? 'mysql' : engine;
}

/** Whether any role is played by the embedded engines. */
export function needsEmbedded(config: EnginesConfig): boolean {
  return ALL_ROLES.some((role) => clusterEngineOf(config, role) === undefined);
}
