import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chosenEngines } from '@chasqui/app-cli/engines';
import { silentLogger } from '@chasqui/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInstallation, type Installation } from './installation.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The start waits 30 s for an unreachable bus; the other engines' errors appear at once. */
const AT_MOST_MS = 60_000;
const ENDLESS_MS = 2 * AT_MOST_MS;

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation();
  await chosenEngines({ ...process.env, ...installation.env }, silentLogger).setup(() => {});
});
afterAll(() => installation[Symbol.asyncDispose]());

/** The store's address with one change. */
function store(change: (url: URL) => void): string {
  const url = new URL(installation.env.CHASQUI_MYSQL_URL ?? '');
  change(url);
  return url.href;
}

/** The output and the exit code of an app that is started with these settings. */
async function started(app: string, settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(ROOT, 'apps', app, 'src/main.ts')], {
    env: {
      ...process.env,
      ...installation.env,
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
  return { code, lines: said.trimEnd().split('\n') };
}

interface Mistake {
  what: string;
  app: 'business' | 'datasync';
  settings(): Record<string, string>;
  says: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'RocketMQ without its topics',
    app: 'business',
    settings: () => ({ CHASQUI_ROCKETMQ_PREFIX: 'nobodys-' }),
    says: /RocketMQ lacks nobodys-.*run: npx chasqui setup/,
  },
  {
    what: 'a bus that is not there',
    app: 'business',
    settings: () => ({ CHASQUI_ROCKETMQ_NAMESERVER: '127.0.0.1:1' }),
    says: /RocketMQ.*127\.0\.0\.1:1/,
  },
  {
    what: 'Redis in another mode',
    app: 'business',
    settings: () => ({ CHASQUI_REDIS_MODE: 'cluster' }),
    says: /Redis.*MODE=standalone/,
  },
  {
    what: 'a wrong password for the store',
    app: 'business',
    settings: () => ({
      CHASQUI_MYSQL_URL: store((url) => {
        url.password = 'wrong';
      }),
    }),
    says: /does not let user chasqui in: check user and password/,
  },
  {
    what: 'an empty database',
    app: 'business',
    settings: () => ({
      CHASQUI_MYSQL_URL: store((url) => {
        url.pathname = '/chasqui';
      }),
    }),
    says: /run: npx chasqui setup/,
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
];

describe('an app whose configuration does not fit its engines ends and says in one line what to do', () => {
  // One after the other: a process that starts beside six others may find its engine slow, and start without it.
  test.each(MISTAKES)('$what', { timeout: ENDLESS_MS + 10_000 }, async ({ app, settings, says }) => {
    const startedAt = performance.now();
    const { code, lines } = await started(app, settings());
    expect({ code, lines: lines.length }, lines.join('\n')).toEqual({ code: 1, lines: 1 });
    expect(lines[0]).toMatch(says);
    expect(performance.now() - startedAt).toBeLessThan(AT_MOST_MS);
  });
});
