import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { LOCAL_ENGINES } from '../../deploy/engines/local-engines.ts';
import { RealInstallation } from '../../libs/adapters/elasticsearch/src/testing/real-cluster.ts';
import { dropTables } from '../../libs/adapters/hbase/src/testing/admin.ts';
import { runSql } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { tearDown } from '../../libs/adapters/rocketmq/src/testing/installation.ts';

/** A separate installation on the engines of this machine; disposal removes all of its data. */
export interface Installation extends AsyncDisposable {
  /** The apps' configuration for it. */
  env: Readonly<Record<string, string>>;
}

const CHOICES = {
  CHASQUI_BUS: 'rocketmq',
  CHASQUI_PRESENCE: 'redis',
  CHASQUI_STORE: 'mysql',
  CHASQUI_MESSAGES: 'hbase',
  CHASQUI_SEARCH: 'elasticsearch',
};

let made = 0;

/** Errors: those of the engine that is absent. */
export async function createInstallation(): Promise<Installation> {
  const own = `test${process.pid}x${Date.now().toString(36)}x${++made}`;
  const addresses: Record<string, string> = Object.assign({}, ...LOCAL_ENGINES.map(({ settings }) => settings));
  const database = `chasqui_test_${own}`;
  const url = new URL(addresses.CHASQUI_MYSQL_URL ?? '');
  url.pathname = `/${database}`;
  const env = {
    ...addresses,
    ...CHOICES,
    CHASQUI_MYSQL_URL: url.href,
    CHASQUI_REDIS_PREFIX: `${own}:`,
    CHASQUI_ROCKETMQ_PREFIX: `${own}-`,
    CHASQUI_HBASE_TABLE_PREFIX: `${own}_`,
    CHASQUI_HBASE_REGIONS: '3',
    CHASQUI_ELASTICSEARCH_INDEX: own,
    CHASQUI_ELASTICSEARCH_SHARDS: '1',
    CHASQUI_ELASTICSEARCH_REPLICAS: '0',
  };
  const reader = new ConfigReader(env);
  const config = reader.finish(readEnginesConfig(reader)) as Required<EnginesConfig>;
  await runSql(config.mysql, `CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  return {
    env,
    async [Symbol.asyncDispose]() {
      await runSql(config.mysql, `DROP DATABASE IF EXISTS ${database}`);
      await dropKeys(`${own}:`, addresses.CHASQUI_REDIS_URL ?? '');
      await tearDown(config.rocketmq);
      await dropTables({ config: config.hbase, clock: systemClock, random: systemRandom, logger: silentLogger });
      await new RealInstallation(config.elasticsearch)[Symbol.asyncDispose]();
    },
  };
}

/** Removes an installation's keys from Redis. */
export async function dropKeys(prefix: string, url: string): Promise<void> {
  const redis = (...args: string[]) => promisify(execFile)('redis-cli', ['-u', url, ...args], { maxBuffer: 2 ** 28 });
  const { stdout } = await redis('--scan', '--pattern', `${prefix}*`);
  const keys = stdout.split('\n').filter((key) => key !== '');
  // Each call starts a process: a load leaves tens of thousands of keys.
  for (let start = 0; start < keys.length; start += 500) await redis('UNLINK', ...keys.slice(start, start + 500));
}
