import type { Clock, ErrorCode, Random } from '@chasqui/domain';
import { assemble, failApp, type Logger } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { EnginesConfig } from './config.ts';
import { CLUSTER_ENGINES, configOf, type EnginesOf, ROLES, type Role } from './roles.ts';
import { startWithout } from './start-without.ts';

interface Parts {
  clock: Clock;
  random: Random;
  logger: Logger;
}

export interface OpenEnginesOptions<R extends Role> extends Parts {
  config: EnginesConfig;
  /** The roles that the app uses; no other engine is opened. */
  roles: readonly R[];
  /** Opens the embedded engines or connects to them; called only if a role needs them. */
  embedded(): Promise<Engines & AsyncDisposable>;
}

type ConfigOf<R extends Role> = NonNullable<EnginesConfig[(typeof CLUSTER_ENGINES)[R]]>;
type Opened = Partial<Engines> & AsyncDisposable;

/** Drivers are loaded only when needed, because some take a second and 50 MB. */
const OPEN: {
  readonly [R in Role]: (options: Parts & { config: ConfigOf<R> }) => Promise<EnginesOf<R> & AsyncDisposable>;
} = {
  bus: async (options) => (await import('@chasqui/rocketmq')).openRocketmqEngines(options),
  presence: async (options) => (await import('@chasqui/redis')).openRedisEngines(options),
  store: async (options) => (await import('@chasqui/mysql')).openMysqlEngines(options),
  messages: async (options) => (await import('@chasqui/hbase')).openHbaseEngines(options),
  search: async (options) => (await import('@chasqui/elasticsearch')).openElasticsearchEngines(options),
};

/** The error code of calls while an engine is unavailable that an app can start without. */
const AWAY: { readonly [R in Role]?: ErrorCode } = {
  presence: 'presence_unavailable',
  store: 'store_unavailable',
  messages: 'store_unavailable',
  search: 'search_unavailable',
};

/**
 * Opens the configured engines in parallel: all or, if one fails, none. All but the bus may be unavailable. Errors:
 * `config_invalid` if an engine has a wrong version, is not set up, or lacks rights; the message says what to do. If
 * that shows only later, because the engine was unavailable, it ends the app (`failApp`).
 */
export function openEngines<R extends Role>(options: OpenEnginesOptions<R>): Promise<EnginesOf<R> & AsyncDisposable> {
  const { config, roles, embedded, ...parts } = options;
  return assemble(async (stack) => {
    const own = (opening: Promise<Opened>) => opening.then((engines) => stack.use(engines));
    const isEmbedded = (role: Role) => configOf(config, role) === undefined;
    const rest = roles.some(isEmbedded) ? own(embedded()) : undefined;
    const players = roles.map((role) => (isEmbedded(role) ? rest : own(openRole(role, config, parts))));
    // If one fails, the stack closes the others, so wait until all have opened.
    await Promise.allSettled(players);
    const ports: Partial<Engines> = {};
    for (const [index, role] of roles.entries()) {
      const engines = await players[index];
      for (const name of ROLES[role]) Object.assign(ports, { [name]: engines?.[name] });
    }
    return ports as EnginesOf<R>;
  });
}

function openRole<R extends Role>(role: R, engines: EnginesConfig, parts: Parts): Promise<Opened> {
  const config = engines[CLUSTER_ENGINES[role]] as ConfigOf<R>;
  const open: () => Promise<Opened> = () => OPEN[role]({ config, ...parts });
  const code = AWAY[role];
  return code === undefined ? open() : startWithout({ role, code, open, names: ROLES[role], fail: failApp, ...parts });
}
