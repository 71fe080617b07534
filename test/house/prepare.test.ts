import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const house = join(import.meta.dirname, '../..');
let root: string;

const lockOf = (version: string) => ({
  packages: {
    '': { name: 'small' },
    'libs/own': { version: '0.1.0' },
    'node_modules/own': { resolved: 'libs/own', link: true },
    'node_modules/a': { version, integrity: `sha512-${version}` },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
  },
});
const writeLock = (version: string) => writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lockOf(version)));
const lines = (name: string) =>
  existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').trim().split('\n') : [];

/** Replaces npm: takes a while, records its arguments, installs what the lockfile names, or fails on request. */
const NPM = `
  const fs = require('node:fs');
  fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
  if (fs.existsSync('npm-fails')) process.exit(7);
  fs.mkdirSync('node_modules/.bin', { recursive: true });
  const library = 'mkdir -p libs/client/dist; echo build >> library-builds; echo {} > libs/client/dist/package.json';
  const page = 'mkdir -p dist; echo build >> ../../web-builds; echo page > dist/index.html';
  const built = '#!/bin/sh\\ncase $1 in */deploy/client/main.ts) ' + library + ';; *) ' + page + ';; esac\\n';
  fs.writeFileSync('node_modules/.bin/node', built, { mode: 0o755 });
  const lock = JSON.parse(fs.readFileSync('package-lock.json'));
  delete lock.packages['node_modules/for-another-platform'];
  setTimeout(() => fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock)), 300);
`;

function prepare(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['deploy/prepare.mjs', ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'npm.cjs') },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    said.stdout += data;
  });
  child.stderr.on('data', (data) => {
    said.stderr += data;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chasqui-prepare-'));
  cpSync(join(house, 'deploy/prepare.mjs'), join(root, 'deploy/prepare.mjs'));
  cpSync(join(house, 'deploy/prepare'), join(root, 'deploy/prepare'), { recursive: true });
  writeFileSync(join(root, 'npm.cjs'), NPM);
  writeLock('1.0.0');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what npm start and npm test need first', () => {
  test('a fresh folder is installed once, and nothing is written to standard output', async () => {
    const first = await prepare();
    expect(first, first.stderr).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain('installing the packages');
    expect(await prepare()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(lines('npm-calls')).toEqual(['install --no-save --no-audit --no-fund --loglevel=error']);
  });

  test('a package that differs from the lockfile, or is absent, is installed again', async () => {
    await prepare();
    writeLock('1.0.1');
    expect((await prepare()).code).toBe(0);
    expect(lines('npm-calls')).toHaveLength(2);
  });

  test('what an interrupted install left is thrown away', async () => {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(root, 'node_modules/half'), 'of a package');
    expect((await prepare()).code).toBe(0);
    expect(lines('npm-calls')).toHaveLength(1);
    expect(existsSync(join(root, 'node_modules/half'))).toBe(false);
  });

  test('an npm that installs something else stops the main script', async () => {
    writeFileSync(join(root, 'npm.cjs'), NPM.replace("'package-lock.json'", "'other-lock.json'"));
    writeFileSync(join(root, 'other-lock.json'), JSON.stringify(lockOf('0.9.0')));
    const { code, stderr } = await prepare();
    expect(code).toBe(1);
    expect(stderr).toContain('not what package-lock.json names');
  });

  test('several apps started at once install once', async () => {
    const runs = await Promise.all([prepare(), prepare(), prepare()]);
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0]);
    expect(lines('npm-calls')).toHaveLength(1);
  });

  test('a lock left by a process that died holds nobody up', async () => {
    mkdirSync(join(root, '.cache'));
    writeFileSync(join(root, '.cache/prepare.lock'), '4194304999');
    expect((await prepare()).code).toBe(0);
    expect(existsSync(join(root, '.cache/prepare.lock'))).toBe(false);
  });

  test('an install that fails stops the main script and says why', async () => {
    writeFileSync(join(root, 'npm-fails'), '');
    const { code, stderr } = await prepare();
    expect(code).toBe(1);
    expect(stderr).toContain('installing failed (exit code 7)');
  });
});

describe('the page', () => {
  const withSources = () => {
    for (const folder of ['apps/web', 'libs/client', 'libs/protocol', 'libs/domain', 'deploy/client']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'apps/web/index.html'), 'source');
  };

  test('is built when it is missing and when a source is newer, only with --web, and so is the library that it uses', async () => {
    withSources();
    expect((await prepare()).code).toBe(0);
    expect(lines('web-builds')).toHaveLength(0);
    expect((await prepare('--web')).code).toBe(0);
    expect((await prepare('--web')).code).toBe(0);
    expect(lines('web-builds')).toHaveLength(1);
    expect(lines('library-builds')).toHaveLength(1);
    appendFileSync(join(root, 'libs/client/changed.ts'), 'later');
    expect((await prepare('--web')).code).toBe(0);
    expect(lines('web-builds')).toHaveLength(2);
    expect(lines('library-builds')).toHaveLength(2);
    appendFileSync(join(root, 'apps/web/changed.ts'), 'later');
    expect((await prepare('--web')).code).toBe(0);
    expect(lines('web-builds')).toHaveLength(3);
    expect(lines('library-builds')).toHaveLength(2);
  });

  test('is not asked for where its sources are not', async () => {
    expect((await prepare('--web')).code).toBe(0);
    expect(lines('web-builds')).toHaveLength(0);
  });
});
