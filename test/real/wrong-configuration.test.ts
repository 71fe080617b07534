import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenEngines } from '@chasqui/app-cli/engines';
import { ClusterProcesses, processesOf } from '@chasqui/app-cli/processes';
import { silentLogger } from '@chasqui/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineSet } from '../../deploy/engines/local-engines.ts';
import { mysql } from '../../deploy/engines/mysql.ts';
import { Scratch } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { createInstallation } from './installation.ts';
import type { Settings } from './own-parts.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The start waits 30 s for an unreachable bus; the other engines' errors appear at once. */
const AT_MOST_MS = 60_000;
const ENDLESS_MS = 2 * AT_MOST_MS;

/** The output and the exit code of an app that is started with these settings, and how long it ran. */
async function started(app: string, settings: Settings) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'apps', app, 'src/main.ts')], {
    env: {
      ...process.env,
      CHASQUI_LOG_LEVEL: 'error',
      [`CHASQUI_${app.toUpperCase()}_STATUS_PORT`]: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const hung = setTimeout(() => child.kill('SIGKILL'), ENDLESS_MS);
  const code = await promise.finally(() => clearTimeout(hung));
  return { code, lines: said.trimEnd().split('\n'), ms: performance.now() - startedAt };
}

/** The process of the embedded engines, for which the other apps would wait. */
async function runEngine(owned: AsyncDisposableStack, env: Settings): Promise<void> {
  const shape = { connect: 0, business: 0, embedded: true, portOf: () => 0 };
  const processes = processesOf(shape).filter(({ name }) => name === 'engine');
  const logDir = join(env.CHASQUI_DATA_DIR ?? '', 'logs');
  const running = owned.use(new ClusterProcesses({ processes, env: { ...process.env, ...env }, logDir }));
  running.run('engine');
  await running.ready(ENDLESS_MS);
}

interface Mistake {
  what: string;
  app: 'business' | 'datasync';
  /** Of an installation that is right. */
  settings(right: Settings): Settings;
  says: RegExp;
  /** It waits for something that nobody runs: it may do so while others start. */
  waits?: true;
}

/** An address with one change. */
function changed(address: string | undefined, change: (url: URL) => void): string {
  const url = new URL(address ?? '');
  change(url);
  return url.href;
}

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const empty = (await scratch.database()).address.database;

const STORES: readonly Mistake[] = [
  {
    what: 'Redis in another mode',
    app: 'business',
    settings: () => ({ CHASQUI_REDIS_MODE: 'cluster' }),
    says: /Redis.*MODE=standalone/,
  },
  {
    what: 'a wrong password for the store',
    app: 'business',
    settings: ({ CHASQUI_MYSQL_URL: right }) => ({
      CHASQUI_MYSQL_URL: changed(right, (url) => {
        url.password = 'wrong';
      }),
    }),
    says: /does not let user chasqui in: check user and password/,
  },
  {
    what: 'a user of the store who may only read',
    app: 'business',
    settings: ({ CHASQUI_MYSQL_URL: right }) => ({
      CHASQUI_MYSQL_URL: changed(right, (url) => {
        url.username = 'chasqui_reader';
        url.password = 'chasqui_reader';
      }),
    }),
    says: /MySQL: .* denied .*GRANT SELECT, INSERT, UPDATE, DELETE/,
  },
  {
    what: 'an empty database',
    app: 'business',
    settings: ({ CHASQUI_MYSQL_URL: right }) => ({
      CHASQUI_MYSQL_URL: changed(right, (url) => {
        url.pathname = `/${empty}`;
      }),
    }),
    says: /run: npx chasqui setup/,
  },
];

const LARGE: readonly Mistake[] = [
  {
    what: 'RocketMQ without its topics',
    app: 'business',
    settings: () => ({ CHASQUI_ROCKETMQ_PREFIX: 'nobodys-' }),
    says: /RocketMQ lacks nobodys-.*run: npx chasqui setup/,
  },
  {
    what: 'HBase without its tables',
    app: 'business',
    settings: () => ({ CHASQUI_HBASE_TABLE_PREFIX: 'nobodys_' }),
    says: /HBase has no tables "nobodys_…".*npx chasqui setup/,
  },
  {
    what: 'Elasticsearch without its index',
    app: 'datasync',
    settings: () => ({ CHASQUI_ELASTICSEARCH_INDEX: 'nobodys' }),
    says: /Elasticsearch at .*npx chasqui setup/,
  },
  {
    what: 'a bus that is not there',
    app: 'business',
    settings: () => ({ CHASQUI_ROCKETMQ_NAMESERVER: '127.0.0.1:1' }),
    says: /RocketMQ.*127\.0\.0\.1:1/,
    waits: true,
  },
];

const CLASSIC: readonly Mistake[] = [
  {
    what: 'RabbitMQ without its queues',
    app: 'business',
    settings: () => ({ CHASQUI_RABBITMQ_PREFIX: 'nobodys-' }),
    says: /RabbitMQ lacks nobodys-.*run: npx chasqui setup/,
  },
  {
    what: 'a wrong password for the bus',
    app: 'datasync',
    settings: () => ({ CHASQUI_RABBITMQ_USER: 'guest', CHASQUI_RABBITMQ_PASSWORD: 'wrong' }),
    says: /RabbitMQ.*Login was refused.*CHASQUI_RABBITMQ_PASSWORD_FILE/,
  },
  {
    what: 'a virtual host that does not exist',
    app: 'business',
    settings: ({ CHASQUI_RABBITMQ_URL: right }) => ({
      CHASQUI_RABBITMQ_URL: changed(right, (url) => {
        url.pathname = '/nobodys';
      }),
    }),
    says: /RabbitMQ.*virtual host.*rabbitmqctl add_vhost/,
  },
  {
    what: 'a bus that is not there',
    app: 'business',
    settings: () => ({ CHASQUI_RABBITMQ_URL: 'amqp://127.0.0.1:1' }),
    says: /RabbitMQ.*127\.0\.0\.1:1/,
    waits: true,
  },
];

const SETS: readonly { set: EngineSet; mistakes: readonly Mistake[] }[] = [
  { set: 'large', mistakes: [...STORES, ...LARGE] },
  { set: 'classic', mistakes: [...STORES, ...CLASSIC] },
];

describe.each(SETS)(
  'an app whose configuration does not fit its engines, of the $set set, ends and says in one line what to do',
  ({ set, mistakes }) => {
    let owned: AsyncDisposableStack;
    let right: Settings;
    const waiting = new Map<Mistake, ReturnType<typeof started>>();
    const begin = ({ app, settings }: Mistake) => started(app, { ...right, ...settings(right) });
    beforeAll(async () => {
      owned = new AsyncDisposableStack();
      const { env } = owned.use(await createInstallation(set));
      const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-wrong-'));
      owned.defer(() => rm(dataDir, { recursive: true }));
      right = { ...env, CHASQUI_DATA_DIR: dataDir };
      const engines = chosenEngines({ ...process.env, ...right }, silentLogger);
      await engines.setup(() => {});
      if (engines.embedded) await runEngine(owned, right);
      for (const mistake of mistakes) if (mistake.waits) waiting.set(mistake, begin(mistake));
    });
    afterAll(() => owned.disposeAsync());

    // One after the other: a process that starts beside six others may find its engine slow, and start without it.
    test.each(mistakes)('$what', { timeout: ENDLESS_MS + 10_000 }, async (mistake) => {
      const { code, lines, ms } = await (waiting.get(mistake) ?? begin(mistake));
      expect({ code, lines: lines.length }, lines.join('\n')).toEqual({ code: 1, lines: 1 });
      expect(lines[0]).toMatch(mistake.says);
      expect(ms).toBeLessThan(AT_MOST_MS);
    });
  },
);
