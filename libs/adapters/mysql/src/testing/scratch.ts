import type { Conversations } from '@chasqui/contracts';
import { type Clock, defined } from '@chasqui/domain';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { createConnection } from 'mysql2/promise';
import { afterAll, expect } from 'vitest';
import type { MysqlConfig } from '../config.ts';
import { type MysqlEngines, type MysqlMessages, openMysqlEngines, openMysqlMessages, setupMysql } from '../index.ts';
import { MIGRATIONS, tablesOf } from '../migrations/index.ts';
import { parseMysqlUrl } from '../mysql-url.ts';

/** How a table is emptied that has one row from the start. */
const EMPTY: { [table: string]: string } = {
  server_event_log: 'UPDATE server_event_log SET floor = 0, head = 0, wanted_from = 0, wanted_until = 0',
};

export const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };

/** Prefix of test databases: the local engine lets its user create them. */
const PREFIX = 'chasqui_test';

/** Runs SQL at an address, in one of its databases or in none. */
export async function runSql(config: MysqlConfig, sql: string, database?: string): Promise<unknown> {
  const { host, port, user, password } = config.address;
  const where = defined({ database });
  const connection = await createConnection({ host, port, user, password, ...where, multipleStatements: true });
  try {
    return (await connection.query(sql))[0];
  } finally {
    await connection.end();
  }
}

function configOf(url: string, change: Partial<MysqlConfig> = {}): MysqlConfig {
  return { address: parseMysqlUrl(url), pool: 4, deadlineMs: 5_000, startWaitMs: 10_000, ...change };
}

/** Private databases of a test file on one server. They are dropped after its tests. */
export class Scratch {
  readonly #config: MysqlConfig;
  readonly #opened: AsyncDisposable[] = [];
  readonly #databases: string[] = [];

  constructor(url: string, change: Partial<MysqlConfig> = {}) {
    this.#config = configOf(url, change);
    afterAll(() => this.clean());
  }

  /** Creates an empty database. */
  async database(): Promise<MysqlConfig> {
    const name = `${PREFIX}_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
    this.#databases.push(name);
    await runSql(this.#config, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    return { ...this.#config, address: { ...this.#config.address, database: name } };
  }

  /** Creates a database that is set up; `messages`: see `setupMysql`. */
  async ready(messages = false): Promise<MysqlConfig> {
    const config = await this.database();
    await setupMysql({ config, ...parts, messages });
    return config;
  }

  async open(config: MysqlConfig, change: { clock?: Clock; dedupWindowMs?: number } = {}): Promise<MysqlEngines> {
    const engines = await openMysqlEngines({ config, ...parts, evenMoved: true, ...change });
    this.#opened.push(engines);
    return engines;
  }

  async openMessages(config: MysqlConfig): Promise<MysqlMessages> {
    const engines = await openMysqlMessages({ config, ...parts });
    this.#opened.push(engines);
    return engines;
  }

  async close(): Promise<void> {
    for (const engines of this.#opened.splice(0)) await engines[Symbol.asyncDispose]();
  }

  async clean(): Promise<void> {
    await this.close();
    for (const name of this.#databases.splice(0)) await runSql(this.#config, `DROP DATABASE IF EXISTS ${name}`);
  }

  /** The harness of a contract suite: each case gets an empty database with another epoch. */
  harness<T>(portsOf: (engines: MysqlEngines) => T) {
    return this.#harness(async (config) => portsOf(await this.open(config)), false);
  }

  /** The same of the message store, whose locator is that of the last store. */
  messagesHarness() {
    let last: MysqlMessages | undefined;
    const open = async (config: MysqlConfig) => {
      last = await this.openMessages(config);
      return last.messages;
    };
    return { ...this.#harness(open, true), locator: () => last?.locator ?? expect.fail('no store is open') };
  }

  #harness<T>(open: (config: MysqlConfig) => Promise<T>, messages: boolean) {
    let config: MysqlConfig | undefined;
    const current = (): MysqlConfig => config ?? expect.fail('there is none before the first case');
    return {
      clock: systemClock,
      advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      create: async () => {
        await this.close();
        config ??= await this.ready(messages);
        const empty = tablesOf(MIGRATIONS).map((table) => EMPTY[table] ?? `DELETE FROM ${table}`);
        await runSql(config, empty.join(';'), config.address.database);
        await setupMysql({ config, ...parts });
        return open(config);
      },
      /** Leaves the old engines open, as a killed process would. */
      reopen: () => open(current()),
      propertyRuns: 20,
      current,
    };
  }
}

export const conversationsOf = ({ conversations, logs }: MysqlEngines): Conversations => ({ conversations, logs });
