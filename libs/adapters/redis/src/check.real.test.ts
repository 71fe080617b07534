import { systemClock, systemRandom } from '@chasqui/kit';
import { afterEach, expect, test } from 'vitest';
import { checkRedis } from './check.ts';
import { testConfig } from './testing/parts.ts';
import { TestCluster } from './testing/test-cluster.ts';
import { TestServer } from './testing/test-server.ts';

let server: AsyncDisposable;
afterEach(() => server[Symbol.asyncDispose]());

const check = (settings: Readonly<Record<string, string>>) =>
  checkRedis({ config: testConfig(settings), clock: systemClock, random: systemRandom });
const RIGHT = ['--maxmemory', '64mb', '--maxmemory-policy', 'volatile-ttl'];

/** What is said of a server with these arguments. */
async function checked(...args: string[]) {
  const created = await TestServer.create(...args);
  server = created;
  return check(created.settings);
}

test('a server as it must be set is found well, with its version', async () => {
  expect(await checked(...RIGHT)).toEqual([
    { ok: true, what: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+: the user may read and write/) },
    { ok: true, what: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+: \d+\.\d+\.\d+, with its limit of memory/) },
  ]);
});

test.each([
  ['no limit of memory', ['--maxmemory-policy', 'volatile-ttl'], /^No maxmemory: .*set one$/],
  ['a policy that evicts presence', ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'], /evicts presence/],
  ['no eviction', ['--maxmemory', '64mb', '--maxmemory-policy', 'noeviction'], /registers no log-ins; volatile-ttl/],
  ['no append-only file', [...RIGHT, '--appendonly', 'no'], /^No append-only file: .*set appendonly yes$/],
  ['syncs left to the system', [...RIGHT, '--appendfsync', 'no'], /^appendfsync is no: .*set everysec$/],
])('%s is said, with the remedy', async (_, args, hint) => {
  const [usable, settings] = await checked(...args);
  expect(usable?.ok).toBe(true);
  expect(settings).toEqual({
    ok: false,
    what: expect.stringMatching(/: \d+\.\d+\.\d+, whose settings lose something$/),
    hint: expect.stringMatching(hint),
  });
});

test('a server that is away, a wrong password and missing rights are one finding each', async () => {
  const created = await TestServer.create(...RIGHT);
  server = created;
  await created.command('ACL', 'SETUSER', 'reader', 'on', '>pass', '~*', '+@read', '+@connection', '+info');
  const at = (login: string) => ({ CHASQUI_REDIS_URL: `redis://${login}127.0.0.1:${created.port}` });
  const refused = (hint: RegExp) => [
    { ok: false, what: `Redis at 127.0.0.1:${created.port}`, hint: expect.stringMatching(hint) },
  ];
  expect(await check(at('reader:wrong@'))).toEqual(refused(/CHASQUI_REDIS_PASSWORD/));
  expect(await check(at('reader:pass@'))).toEqual(refused(/the user needs the rights \+@all/));
  await created.stop();
  expect(await check(at(''))).toEqual(refused(/ECONNREFUSED.*start it, or change CHASQUI_REDIS_URL/));
});

test('who may not ask for the configuration is told of what INFO says', async () => {
  const created = await TestServer.create(...RIGHT);
  server = created;
  await created.command('ACL', 'SETUSER', 'app', 'on', '>pass', '~*', '+@all', '-config');
  const [, settings] = await check({ CHASQUI_REDIS_URL: `redis://app:pass@127.0.0.1:${created.port}` });
  expect(settings?.ok).toBe(true);
});

test('of a cluster, each master is examined', { timeout: 60_000 }, async () => {
  const cluster = await TestCluster.create();
  server = cluster;
  const [usable, ...masters] = await check(cluster.settings);
  expect(usable?.ok).toBe(true);
  expect(masters.map(({ what }) => /:(\d+): /.exec(what)?.[1]).toSorted()).toEqual(
    cluster.masters.map(({ port }) => String(port)).toSorted(),
  );
  for (const { hint } of masters) expect(hint).toMatch(/^No maxmemory/);
});
