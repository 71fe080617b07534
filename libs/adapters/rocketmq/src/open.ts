import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { RocketmqConfig } from './config.ts';
import { textOf } from './endpoints.ts';
import { engineTopics, type Names, namesOf } from './names.ts';
import { BusProxy } from './proxy/bus-proxy.ts';
import { Broker } from './remoting/broker.ts';
import { Cluster } from './remoting/cluster.ts';
import { RocketmqBus } from './rocketmq-bus.ts';

export interface OpenOptions {
  config: RocketmqConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
}

const ASK_EVERY_MS = 500;
const SAY_EVERY_MS = 5_000;

/**
 * The bus on RocketMQ. Waits up to `startDeadlineMs` for an engine that is away. Errors: `bus_unavailable` if it does
 * not answer in time; `config_invalid` if topics or groups are missing, which setup makes.
 */
export async function openRocketmqEngines(options: OpenOptions): Promise<Pick<Engines, 'bus'> & AsyncDisposable> {
  const { config, clock, random, logger } = options;
  const clientId = `chasqui-${process.pid}-${Math.floor(random() * 2 ** 48).toString(36)}`;
  const names = namesOf(config.prefix);
  const nameServers = config.nameServers.map(textOf);
  const cluster = new Cluster({ nameServers, clock, deadlineMs: config.callDeadlineMs });
  const proxy = new BusProxy(config.endpoints, clock, clientId);
  try {
    const shards = await waitFor(options, () => findShards(config, names, cluster, proxy));
    const bus = new RocketmqBus({ config, names, clock, random, logger, proxy, cluster, clientId, shards });
    return { bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
  } catch (error) {
    proxy[Symbol.dispose]();
    cluster[Symbol.dispose]();
    throw error;
  }
}

/** The number of shards of each topic. Errors: `config_invalid` if anything is missing. */
async function findShards(config: RocketmqConfig, names: Names, cluster: Cluster, proxy: BusProxy) {
  // Asked first: a broker's topics are known only once it has registered.
  if ((await cluster.masters()).length === 0) {
    throw new ImError('bus_unavailable', 'RocketMQ: no broker has registered yet');
  }
  const queues = new Map<string, number>();
  const missing: string[] = [];
  for (const { name, groups } of engineTopics(names, config.streams, config.shards)) {
    const place = await cluster.place(name);
    if (place === undefined) {
      missing.push(name);
      continue;
    }
    queues.set(name, place.queues);
    const broker = new Broker(cluster, place.broker);
    for (const group of groups) if (!(await broker.hasGroup(group))) missing.push(group);
  }
  if (missing.length > 0) {
    const list = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ' and others' : '');
    throw new ImError('config_invalid', `RocketMQ lacks ${list} (or their broker is down); run: npx chasqui setup`, {
      missing,
    });
  }
  // A proxy learns of new topics later than its name servers.
  for (const name of queues.keys()) {
    if ((await proxy.queues(name, config.callDeadlineMs)) === 0) {
      throw new ImError('bus_unavailable', `the proxy of RocketMQ does not know topic ${name} yet`);
    }
  }
  return new Map(config.streams.map(({ topic }) => [topic, queues.get(names.topic(topic)) ?? 0]));
}

async function waitFor<T>({ config, clock, logger }: OpenOptions, attempt: () => Promise<T>): Promise<T> {
  const started = clock.monotonic();
  let saidAt = started;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const now = clock.monotonic();
      if (ImError.from(error).code !== 'bus_unavailable' || now - started >= config.startDeadlineMs) throw error;
      if (now - saidAt >= SAY_EVERY_MS) {
        saidAt = now;
        logger.warn({ err: error }, 'waiting for RocketMQ');
      }
      await sleep(clock, ASK_EVERY_MS);
    }
  }
}
