import type { Clock, ErrorCode, Random } from '@chasqui/domain';
import { assemble, failApp, type Logger } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { EnginesConfig } from './config.ts';
import { clusterEngineOf, type EnginesOf, ROLES, type Role, type RoleOf } from './roles.ts';
import { startWithout } from './start-without.ts';

interface Parts {
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Also on a store that `chasqui move` has left or not finished. Default false. */
  evenMoved?: boolean;
}

export interface OpenEnginesOptions<R extends Role> extends Parts {
  config: EnginesConfig;
  /** The roles that the app uses; no other engine is opened. */
  roles: readonly R[];
  /**
   * Opens the embedded engines or connects to them; called only if a role needs them. `mayBeAway`: the bus is another
   * engine, so the app can start without them.
   */
  embedded(mayBeAway: boolean): Promise<Engines & AsyncDisposable>;
}

type ClusterEngine = keyof EnginesConfig;
type ConfigOf<E extends ClusterEngine> = NonNullable<EnginesConfig[E]>;
type Opened = Partial<Engines> & AsyncDisposable;

/** Drivers are loaded only when needed, because some take a second and 50 MB. */
const OPEN: {
  readonly [E in ClusterEngine]: (
    options: Parts & { config: ConfigOf<E> },
  ) => Promise<EnginesOf<RoleOf<E>> & AsyncDisposable>;
} = {
  rocketmq: async (options) => (await import('@chasqui/rocketmq')).openRocketmqEngines(options),
  rabbitmq: async (options) => (await import('@chasqui/rabbitmq')).openRabbitmqEngines(options),
  redis: async (options) => (await import('@chasqui/redis')).openRedisEngines(options),
  mysql: async (options) => (await import('@chasqui/mysql')).openMysqlEngines(options),
  mysqlMessages: async (options) => (await import('@chasqui/mysql')).openMysqlMessages(options),
  hbase: async (options) => (await import('@chasqui/hbase')).openHbaseEngines(options),
  elasticsearch: async (options) => (await import('@chasqui/elasticsearch')).openElasticsearchEngines(options),
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
    const engines = roles.map((role) => clusterEngineOf(config, role));
    const rest = engines.includes(undefined)
      ? own(embedded(!roles.some((role, index) => role === 'bus' && engines[index] === undefined)))
      : undefined;
    const players = roles.map((role, index) => {
      const engine = engines[index];
      return engine === undefined ? rest : own(openRole(role, engine, config, parts));
    });
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

function openRole<E extends ClusterEngine>(
  role: Role,
  engine: E,
  engines: EnginesConfig,
  parts: Parts,
): Promise<Opened> {
  const config = engines[engine] as ConfigOf<E>;
  const open: () => Promise<Opened> = () => OPEN[engine]({ config, ...parts });
  const code = AWAY[role];
  return code === undefined ? open() : startWithout({ role, code, open, names: ROLES[role], fail: failApp, ...parts });
}
