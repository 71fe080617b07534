import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCommonConfig } from './common-config.ts';
import { ConfigReader } from './config-reader.ts';
import { findEngineNetwork, loadSecrets } from './secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-secrets-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

function folder(): string {
  const path = join(root, String(++made));
  mkdirSync(path);
  return path;
}

const load = (dataDir: string) => loadSecrets(readCommonConfig(new ConfigReader({ CHASQUI_DATA_DIR: dataDir })));

test('secrets are made once, for the owner alone, and stay', async () => {
  const dataDir = folder();
  const [first, ...others] = await Promise.all([load(dataDir), load(dataDir), load(dataDir)]);
  expect(first?.jwtSecret).toHaveLength(43);
  for (const other of [...others, await load(dataDir)]) expect(other).toEqual(first);
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['secrets.json']);
});

test.each([
  ['halved', (text: string) => text.slice(0, text.length / 2)],
  ['emptied', () => ''],
  ['noise', () => '\u0000\u0001\u0002'],
  ['no secrets', () => '{}'],
  ['an empty secret', () => '{"jwtSecret":"","peerSecret":""}'],
  ['a list', () => '[]'],
  ['null', () => 'null'],
])(
  'C15: kept secrets that are %s refuse the start by their path, and are neither told nor replaced',
  async (_, spoil) => {
    const dataDir = folder();
    const { jwtSecret } = await load(dataDir);
    const path = join(dataDir, 'secrets.json');
    const spoiled = spoil(readFileSync(path, 'utf8'));
    writeFileSync(path, spoiled);
    const error = await load(dataDir).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'config_invalid', details: { field: 'dataDir' } });
    expect((error as Error).message).toContain(`${path} is damaged`);
    expect((error as Error).message).not.toContain(jwtSecret.slice(0, 10));
    expect(readFileSync(path, 'utf8')).toBe(spoiled);
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  },
);

test('C15: a full disk refuses the start by the path, and no draft is left', async () => {
  const dataDir = folder();
  // Every write to these fails for lack of space; the draft is one of them.
  const drafts = Array.from({ length: 40 }, (_, n) => `secrets.json.${process.pid}-${n}`);
  for (const draft of drafts) symlinkSync('/dev/full', join(dataDir, draft));
  await expect(load(dataDir)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/secrets\.json cannot be used: ENOSPC/),
  });
  expect(readdirSync(dataDir)).toHaveLength(drafts.length - 1);
});

test('C15: a folder in the place of the secrets refuses the start by the path', async () => {
  const dataDir = folder();
  mkdirSync(join(dataDir, 'secrets.json'));
  await expect(load(dataDir)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/secrets\.json cannot be used: EISDIR/),
  });
});

test('a process of another machine is told which stored secrets cannot be read', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const env = { CHASQUI_DATA_DIR: file, CHASQUI_ENGINE_ADDRESS: 'engine:4605' };
  const found = findEngineNetwork(readCommonConfig(new ConfigReader(env)));
  await expect(found).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(file) });
});
