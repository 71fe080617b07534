import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { announcement, commandBeside } from '../../apps/cli/src/up/announce.ts';

const CLI = resolve('apps/cli/src/main.ts');
const root = mkdtempSync(join(tmpdir(), 'chasqui-printed-'));
const cwd = join(root, 'cwd');
const dataDir = join(root, 'data of a server');
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A data folder with one user, left by a server. */
beforeAll(async () => {
  mkdirSync(cwd);
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const engines = await openEmbeddedEngines({ ...parts, dataDir });
  await engines.users.create({ userId: 'ann', passwordHash: 'x', displayName: 'Ann', createdAt: 1 });
  await engines[Symbol.asyncDispose]();
});

/** Runs a command in a folder without data. `closed`: its standard output is closed. */
async function chasqui(args: string[], closed = false) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  if (closed) child.stdout.destroy();
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

describe('C15: a printed command means the server that it was printed for', () => {
  test('what a backup prints restores it into the same folder, word for word', async () => {
    writeFileSync(join(dataDir, 'webpush.key'), 'a key');
    const { out } = await chasqui(['backup', join(root, 'a backup'), '--data', dataDir]);
    expect(out).toContain('It does not contain webpush.key: copy that file too');
    const printed = /npx chasqui (restore .*)/.exec(out)?.[1] ?? '';
    expect(printed.replace(/--name \S+Z/, '--name NAME')).toBe(
      `restore '${join(root, 'a backup')}' --name NAME --data '${dataDir}'`,
    );
    const words = [...printed.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(await chasqui(words)).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(dataDir).some((name) => name.startsWith('replaced-'))).toBe(true);
    expect(existsSync(join(cwd, '.data'))).toBe(false);
  }, 60_000);

  test('a started server names its folder in the command to try, unless it is the default', () => {
    const running = { url: 'http://127.0.0.1:4400', host: '127.0.0.1', nodes: [] };
    const said = (dataDir: string, chasqui?: string) => announcement(running, dataDir, chasqui);
    expect(said('/srv/chasqui', 'npx chasqui')).toContain('chat --as alice --to bob --data /srv/chasqui\n');
    expect(said(resolve('.data'), 'npx chasqui')).toContain('chat --as alice --to bob\n');
    expect(said('/srv/chasqui')).not.toContain('Or:');
  });

  test('a command to try is called with the file of settings, and is none where the environment has the secret', async () => {
    const asked = async (...args: string[]) => {
      const program = await createProgram({}, ['token']);
      program.parseOptions(args);
      return program;
    };
    expect(commandBeside(await asked(), { CHASQUI_PORT: '1' })).toBe('npx chasqui');
    expect(commandBeside(await asked('--config', 'my settings'), {})).toBe("npx chasqui --config 'my settings'");
    expect(commandBeside(await asked('--set', 'classic'), {})).toBe('npx chasqui --set classic');
    expect(commandBeside(await asked(), { CHASQUI_JWT_SECRET: 'x' })).toBeUndefined();
  });

  test.each([
    ['send', '--as', 'ann', '--to', 'bob', 'hi'],
    ['token', 'ann'],
  ])(
    '%s where there are no secrets says so, and makes none',
    async (...args) => {
      const { code, err } = await chasqui(args);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/\.data has no secrets .*--data <dir>.*\(config_invalid\)\n$/),
      ]);
      expect(readdirSync(cwd)).toEqual([]);
    },
    60_000,
  );
});

test('C15: a command whose output nobody reads ends without a word', async () => {
  for (const args of [['unread', '--user', 'ann', '--data', dataDir], ['--help'], ['doctor', '--data', dataDir]]) {
    expect(await chasqui(args, true), args[0]).toMatchObject({ code: 0, err: '' });
  }
}, 60_000);
