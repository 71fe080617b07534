import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EnginesConfig } from '@chasqui/engines/config';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { redis } from '../../deploy/engines/redis.ts';
import { RealInstallation } from '../../libs/adapters/elasticsearch/src/testing/real-cluster.ts';
import { dropTables } from '../../libs/adapters/hbase/src/testing/admin.ts';
import { runSql } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { tearDown as tearDownRabbitmq } from '../../libs/adapters/rabbitmq/src/testing/installation.ts';
import { tearDown as tearDownRocketmq } from '../../libs/adapters/rocketmq/src/testing/installation.ts';

/** Variables of a configuration. */
export type Settings = Readonly<Record<string, string>>;

/** What an installation has of its own in an engine that others use too. */
export interface OwnPart<C> {
  /** The settings that name it. `shared`: those of the engine. */
  settings(own: string, shared: Settings): Settings;
  /** What must be there before setup. */
  make?(config: C): Promise<unknown>;
  remove(config: C): Promise<unknown>;
}

type Configs = Required<EnginesConfig>;

export type OwnParts = { readonly [E in keyof Configs]: OwnPart<Configs[E]> };

export const OWN_PARTS: OwnParts = {
  redis: {
    settings: (own) => ({ CHASQUI_REDIS_PREFIX: `${own}:` }),
    remove: ({ prefix }) => dropKeys(prefix),
  },
  mysql: {
    settings(own, { CHASQUI_MYSQL_URL: shared = '' }) {
      const url = new URL(shared);
      url.pathname = `/chasqui_test_${own}`;
      return { CHASQUI_MYSQL_URL: url.href };
    },
    make: (config) =>
      runSql(config, `CREATE DATABASE ${config.address.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`),
    remove: (config) => runSql(config, `DROP DATABASE IF EXISTS ${config.address.database}`),
  },
  // In the store's database.
  mysqlMessages: { settings: () => ({}), remove: async () => {} },
  rabbitmq: {
    // Few shards: each is a queue of each group, which take most of a setup's time.
    settings: (own) => ({ CHASQUI_RABBITMQ_PREFIX: `${own}-`, CHASQUI_RABBITMQ_SHARDS: '4' }),
    remove: tearDownRabbitmq,
  },
  rocketmq: {
    settings: (own) => ({ CHASQUI_ROCKETMQ_PREFIX: `${own}-` }),
    remove: tearDownRocketmq,
  },
  hbase: {
    settings: (own) => ({ CHASQUI_HBASE_TABLE_PREFIX: `${own}_`, CHASQUI_HBASE_REGIONS: '3' }),
    remove: (config) => dropTables({ config, clock: systemClock, random: systemRandom, logger: silentLogger }),
  },
  elasticsearch: {
    settings: (own) => ({
      CHASQUI_ELASTICSEARCH_INDEX: own,
      CHASQUI_ELASTICSEARCH_SHARDS: '1',
      CHASQUI_ELASTICSEARCH_REPLICAS: '0',
    }),
    remove: (config) => new RealInstallation(config)[Symbol.asyncDispose](),
  },
};

/** Removes an installation's keys from the Redis of this machine. */
async function dropKeys(prefix: string): Promise<void> {
  const { CHASQUI_REDIS_URL: url = '' } = redis.settings;
  const cli = (...args: string[]) => promisify(execFile)('redis-cli', ['-u', url, ...args], { maxBuffer: 2 ** 28 });
  const { stdout } = await cli('--scan', '--pattern', `${prefix}*`);
  const keys = stdout.split('\n').filter((key) => key !== '');
  // Each call starts a process: a load leaves tens of thousands of keys.
  for (let start = 0; start < keys.length; start += 500) await cli('UNLINK', ...keys.slice(start, start + 500));
}
