import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { EnginesConfig } from './config.ts';

interface Parts {
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The store was restored: every inbox gets a new epoch (C10). */
  newEpoch?: boolean;
}

/** Time for an engine that is just starting, in ms; the engine's own wait may add to it. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 1_000;

/** What must exist in the configured cluster engines before the apps start. */
const STEPS: readonly {
  what: string;
  /** Undefined: the engine is not configured. */
  run(config: EnginesConfig, parts: Parts): Promise<void> | undefined;
}[] = [
  {
    what: 'RocketMQ: topics and consumer groups',
    run: ({ rocketmq: config }, parts) =>
      config && import('@chasqui/rocketmq').then(({ setupRocketmq }) => setupRocketmq({ config, ...parts })),
  },
  {
    what: 'RabbitMQ: exchanges and queues',
    run: ({ rabbitmq: config }, parts) =>
      config && import('@chasqui/rabbitmq').then(({ setupRabbitmq }) => setupRabbitmq({ config, ...parts })),
  },
  {
    what: 'MySQL: tables, by versioned migrations',
    run: ({ mysql: config }, parts) =>
      config && import('@chasqui/mysql').then(({ setupMysql }) => setupMysql({ config, ...parts })),
  },
  {
    what: 'MySQL: the messages, with partitions for the coming months',
    run: ({ mysqlMessages: config }, { newEpoch: _, ...parts }) =>
      config && import('@chasqui/mysql').then(({ setupMysql }) => setupMysql({ config, ...parts, messages: true })),
  },
  {
    what: 'HBase: tables',
    run: ({ hbase: config }, parts) =>
      config && import('@chasqui/hbase').then(({ setupHbase }) => setupHbase({ config, ...parts })),
  },
  {
    what: 'Elasticsearch: index template, index and alias',
    run: ({ elasticsearch: config }, parts) =>
      config &&
      import('@chasqui/elasticsearch').then(({ setupElasticsearch }) => setupElasticsearch({ config, ...parts })),
  },
];

/**
 * Creates what the configured cluster engines need. Safe to run repeatedly and concurrently. Redis and the embedded
 * engines need nothing. `onStep` is called as each step begins. Errors: those of the engine, which say what to do.
 */
export async function setupEngines(
  config: EnginesConfig,
  { onStep, ...parts }: Parts & { onStep(what: string): void },
): Promise<void> {
  const until = parts.clock.monotonic() + PATIENCE_MS;
  for (const { what, run } of STEPS) {
    for (let isFirst = true; ; isFirst = false) {
      const running = run(config, parts);
      if (running === undefined) break;
      if (isFirst) onStep(what);
      try {
        await running;
        break;
      } catch (error) {
        if (ImError.from(error).retry !== 'backoff' || parts.clock.monotonic() > until) throw error;
        await sleep(parts.clock, PAUSE_MS);
      }
    }
  }
}
