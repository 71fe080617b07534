import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '@chasqui/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-operators-'));
let cluster: TestCluster;
beforeAll(async () => {
  mkdirSync(join(root, 'cwd'));
  // Nothing answers there.
  cluster = await startTestCluster({ nodes: 1, env: { CHASQUI_SCAN_URL: 'clamd://127.0.0.1:1' } });
  await cluster.running.engines.bus.publish({ topic: 'conversation', shard: 0, body: '[{"type":1}]' });
}, 60_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const chasqui = (args: string[], env: { [name: string]: string } = {}) =>
  runCommand(args, { cwd: join(root, 'cwd'), env });
const here = () => ['--data', cluster.dataDir];
const objects = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('what operators are told', { timeout: 120_000 }, () => {
  test('the version', async () => {
    expect(await chasqui(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  test('C15: a setting that is none is reported, and a byte order mark is part of no name', async () => {
    const config = join(root, 'settings.env');
    writeFileSync(config, '\uFEFFCHASQUI_LOG_LEVEL=loud\nCHASQUI_PROT=1\n');
    const { code, err } = await chasqui(['--config', config, 'doctor', ...here()]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /^chasqui: settings without an effect: CHASQUI_PROT \(did you mean CHASQUI_PORT\?\)\n.*CHASQUI_LOG_LEVEL must be one of/,
      ),
    ]);
  });

  test('dead letters: listed with their reasons, and known to the doctor', async () => {
    await expect.poll(() => cluster.running.engines.bus.deadLetters('conversation', 'business', 9)).toHaveLength(1);
    const listed = objects((await chasqui(['dead-letters', '--json', ...here()])).out);
    expect(listed).toEqual([expect.objectContaining({ topic: 'conversation', group: 'business' })]);
    expect(listed[0]).not.toHaveProperty('body');
    const { code, out } = await chasqui(['doctor', '--json', ...here()]);
    expect([code, objects(out)]).toEqual([
      1,
      expect.arrayContaining([expect.objectContaining({ what: '1 dead letters' })]),
    ]);
  });

  test('where there is nothing to list, a command says so beside its output, and what comes next', async () => {
    for (const [args, said] of [
      [['keys', 'list'], /^no keys yet: chasqui keys create <name> --scopes/],
      [['hooks', 'list'], /^no endpoints yet: chasqui hooks create <url>/],
      [['holds', 'list'], /^no holds/],
      [['erasures', 'list'], /^no erasures/],
    ] as const) {
      expect(await chasqui([...args, ...here()])).toEqual({ code: 0, out: '', err: expect.stringMatching(said) });
    }
  });

  test('C15: a command that is called wrongly says how it is called', async () => {
    const { err } = await chasqui(['keys', 'create', ...here()]);
    expect(err).toContain('(chasqui keys create <name> --scopes <scopes...> [options]; chasqui keys create --help');
  });

  test('C15: a private or plain endpoint is refused, with the settings that allow it', async () => {
    const create = (env: { [name: string]: string }) =>
      chasqui(['hooks', 'create', 'http://127.0.0.1:1', ...here()], env);
    const both = { CHASQUI_HOOKS_HTTP: 'on', CHASQUI_HOOKS_PRIVATE: 'on' };
    expect((await create({})).err).toMatch(/CHASQUI_HOOKS_HTTP=on .*CHASQUI_HOOKS_PRIVATE=on .*\(content_invalid\)/);
    expect((await create({ CHASQUI_HOOKS_HTTP: 'on' })).err).toMatch(
      /not on the public internet: CHASQUI_HOOKS_PRIVATE/,
    );
    const [endpointId = ''] = (await create(both)).out.split('\n');
    expect((await chasqui(['hooks', 'dead-letters', endpointId, ...here()])).err).toContain('no dead letters');
    expect((await chasqui(['hooks', 'disable', endpointId, ...here()])).code).toBe(0);
    expect((await chasqui(['hooks', 'test', endpointId, ...here()])).out).toContain('is disabled until');
  });

  test('the doctor asks the server that it is told of', async () => {
    const { url } = cluster.running;
    expect((await chasqui(['doctor', '--server', url, ...here()])).out).toContain(`✓ the server at ${url}: `);
    const nobody = await chasqui(['doctor', '--server', 'http://127.0.0.1:1', ...here()]);
    expect(nobody.out).toContain('✗ no server answers at http://127.0.0.1:1');
  });

  test('the doctor says that the scanner of the server is away', async () => {
    const { code, out } = await chasqui(['doctor', '--server', cluster.running.url, ...here()]);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining('✗ the scanner does not answer: files of messages wait\n'),
    ]);
  });

  test('the doctor makes no folder', async () => {
    const nowhere = join(root, 'nowhere', 'deep');
    const { out } = await chasqui(['doctor', '--data', nowhere]);
    expect(out).toContain(`the data folder ${nowhere} is writable (it will be made)`);
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });

  test('send waits no longer than it is told, and says what it waited for', async () => {
    const target = ['--server', cluster.running.url, '--token', await cluster.token('ann')];
    const sent = ['send', 'hi', '--as', 'ann', '--to', 'ben', '--wait', 'read', '--timeout', '2', '--json', ...target];
    const { code, out, err } = await chasqui(sent);
    expect([code, objects(out).map(({ state }) => state)]).toEqual([1, ['queued', 'stored']]);
    expect(err).toBe('chasqui: not delivered within --timeout; it may be so later (deadline_exceeded)\n');
    const { out: unread } = await chasqui(['unread', '--as', 'ben', '--json', ...here()]);
    expect(objects(unread)).toEqual([expect.objectContaining({ userId: 'ben', total: 1 })]);
  });
});
