import { randomBytes } from 'node:crypto';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { createClient, type RedisClient } from '../client.ts';
import { type RedisConfig, readRedisConfig } from '../config.ts';
import { openRedisEngines } from '../open-engines.ts';
import { createRedisPorts, type RedisPorts } from '../ports.ts';
import { RedisLink } from '../redis-link.ts';
import { ServerRestarts } from '../server-restarts.ts';

/** A configuration with its own prefix, so that nothing else in the same Redis is touched. */
export function testConfig(settings: Readonly<Record<string, string>>): RedisConfig {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  return readRedisConfig(new ConfigReader({ CHASQUI_REDIS_PREFIX: prefix, ...settings }));
}

export function openEngines(config: RedisConfig, startMs = 20_000) {
  return openRedisEngines({ config, clock: systemClock, random: systemRandom, logger: silentLogger, startMs });
}

/** Ports over one connection. They are empty each time, as each has another prefix. */
export class TestPorts implements AsyncDisposable {
  readonly client: RedisClient;
  readonly restarts: ServerRestarts;
  readonly config: RedisConfig;
  readonly #prefix: string;
  #made = 0;

  constructor(settings: Readonly<Record<string, string>>) {
    this.config = testConfig(settings);
    this.#prefix = this.config.prefix;
    this.client = createClient({ ...this.config, timeoutMs: 10_000 }, systemRandom);
    this.restarts = new ServerRestarts(this.client, systemClock);
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  fresh(fields: Partial<RedisConfig> = {}): RedisPorts {
    this.#made++;
    const config = { ...this.config, prefix: `${this.#prefix}${this.#made}:`, ...fields };
    const link = new RedisLink({ client: this.client, clock: systemClock, timeoutMs: 10_000 });
    return createRedisPorts({ link, restarts: this.restarts, clock: systemClock, config });
  }

  /** The keys that were made, on all masters. */
  async keys(): Promise<string[]> {
    const masters = 'nodes' in this.client ? this.client.nodes('master') : [this.client];
    const found: string[] = [];
    for (const master of masters) {
      let cursor = '0';
      do {
        const [next, keys] = await master.scan(cursor, 'MATCH', `${this.#prefix}*`, 'COUNT', 1_000);
        found.push(...keys);
        cursor = next;
      } while (cursor !== '0');
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of await this.keys()) await this.client.unlink(key);
    this.client.disconnect();
  }
}
