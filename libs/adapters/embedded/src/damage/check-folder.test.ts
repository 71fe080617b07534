import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedEngines, type EmbeddedEnginesOptions, openEmbeddedEngines } from '../index.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';

const root = scratchFolder();
const lived = join(root, 'lived');
const yesterday = join(root, 'yesterday');
let made = 0;

/** A server worked in `lived` and was killed; `yesterday` is a copy from when it was last stopped. */
beforeAll(async () => {
  const writer = fileURLToPath(new URL('../testing/damage-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, lived, yesterday], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (const file of ['store.db-wal', 'bus.db-wal', 'search.db-wal'])
    expect(existsSync(join(lived, file)), file).toBe(true);
}, 60_000);

function copyOf(folder: string): string {
  const copy = join(root, `copy-${++made}`);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

async function open(dataDir: string, options: Partial<EmbeddedEnginesOptions> = {}): Promise<EmbeddedEngines> {
  const engines = await openEmbeddedEngines({ ...parts, ...options, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

const epochOf = async ({ logs }: EmbeddedEngines) => (await logs.page('bob', 0, 1)).epoch;
const headOf = async ({ logs }: EmbeddedEngines) => (await logs.page('bob', 0, 1)).head;

type Spoil = (path: string) => void;
const missing: Spoil = (path) => rmSync(path);
const emptied: Spoil = (path) => truncateSync(path, 0);
const halved: Spoil = (path) => truncateSync(path, Math.floor(statSync(path).size / 2));
/** The root pages of the first tables. */
const noise: Spoil = (path) => {
  const file = openSync(path, 'r+');
  const bytes = Buffer.from(Array.from({ length: 3 * 4096 }, (_, i) => (i * 7919 + 13) % 256));
  writeSync(file, bytes, 0, bytes.length, 4096);
  closeSync(file);
};
const asYesterday: Spoil = (path) => {
  cpSync(join(yesterday, path.slice(path.lastIndexOf('/') + 1)), path);
  rmSync(`${path}-wal`, { force: true });
};

const LOST = /has lost its last \d+ commits/;

describe.each(['store.db', 'bus.db'])('%s', (file) => {
  test.each<[name: string, part: string, spoil: Spoil, says: RegExp]>([
    ['is missing', '', missing, /is missing/],
    ['is emptied', '', emptied, /is empty/],
    ['is halved', '', halved, /is cut short|is damaged/],
    ['has noise in it', '', noise, /is damaged/],
    ['has no log', '-wal', missing, LOST],
    ['has an emptied log', '-wal', emptied, LOST],
    ['has half of its log', '-wal', halved, LOST],
    ['has noise in its log', '-wal', noise, LOST],
    ['is from yesterday', '', asYesterday, LOST],
  ])(
    'C3: a folder whose file %s is refused: the error names the file and the way out',
    async (_, part, spoil, says) => {
      // Newer versions of pages in the write-ahead log would hide the noise in them.
      const dataDir = copyOf(spoil === noise && part === '' ? yesterday : lived);
      spoil(join(dataDir, file + part));
      // A second check finds the same: the first one has not hidden the damage.
      for (const look of part === '-wal' && spoil === missing ? [1, 2] : [1]) {
        const error = await openEmbeddedEngines({ ...parts, dataDir }).catch((thrown: unknown) => thrown);
        expect(error, `look ${look}`).toMatchObject({ code: 'data_damaged', details: { file: join(dataDir, file) } });
        expect((error as Error).message).toMatch(says);
        expect((error as Error).message).toContain('chasqui restore');
      }
    },
  );

  test('C3: its record alone also tells, where no other file does', async () => {
    const dataDir = copyOf(lived);
    for (const other of ['store.db', 'bus.db', 'search.db']) rmSync(join(dataDir, `${other}-wal`));
    const error = await openEmbeddedEngines({ ...parts, dataDir }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'data_damaged', message: expect.stringMatching(LOST) });
  });

  test('C10: an operator may go on without what is lost; every inbox then has a new epoch, and the folder is sound', async () => {
    const dataDir = copyOf(lived);
    const before = await epochOf(await open(copyOf(yesterday)));
    rmSync(join(dataDir, `${file}-wal`));
    const engines = await open(dataDir, { forget: true });
    const renewed = await epochOf(engines);
    expect(renewed).not.toBe(before);
    expect(await engines.search.rebuildDue()).toBe(true);
    await engines[Symbol.asyncDispose]();
    expect(await epochOf(await open(dataDir))).toBe(renewed);
  });
});

/** Noise over the whole file, including its header. */
const overwritten: Spoil = (path) => writeFileSync(path, Buffer.alloc(statSync(path).size, 'noise'));
const shortened: Spoil = (path) => {
  const file = new DatabaseSync(path);
  file.exec('DELETE FROM journal; DELETE FROM runs; DELETE FROM run_chunks; DELETE FROM messages; VACUUM');
  file.close();
};
const CASES = ['store.db', 'bus.db'].flatMap((file) =>
  (
    [
      ['halved', halved],
      ['noise', noise],
      ['overwritten', overwritten],
      ['missing', missing],
      ['emptied', emptied],
    ] as const
  ).map(([name, spoil]) => ({ file, name, spoil })),
);

describe('C3: the way out that is printed leads to a server that starts', () => {
  test.each([
    ...CASES,
    { file: 'store.db', name: 'without its log', spoil: (path: string) => missing(`${path}-wal`) },
    { file: 'store.db', name: 'shortened by VACUUM', spoil: shortened },
  ])('$file: $name', async ({ file, name, spoil }) => {
    const dataDir = copyOf(name === 'noise' || spoil === shortened ? yesterday : lived);
    const path = join(dataDir, file);
    spoil(path);
    const error = (await openEmbeddedEngines({ ...parts, dataDir }).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'data_damaged', details: { file: path } });
    expect(error.message).toContain(`npx chasqui restore <backup> --data ${dataDir}`);
    const isAdvised = error.message.includes(`npx chasqui restore --mark --data ${dataDir}`);
    expect(isAdvised).toBe(!error.message.includes('start with an empty data folder'));
    const marked = openEmbeddedEngines({ ...parts, dataDir, forget: true });
    if (!isAdvised) {
      // The bus is different: the server can continue without it.
      expect(file).toBe('store.db');
      await expect(marked).rejects.toMatchObject({
        code: 'data_damaged',
        message: expect.stringContaining('start with an empty data folder'),
      });
      return;
    }
    const { setAside, ...engines } = await marked;
    await engines[Symbol.asyncDispose]();
    if (file === 'bus.db' && !name.includes('missing')) expect(error.message).toContain('queued but not stored');
    // The unreadable file is kept.
    if (['halved', 'noise', 'overwritten', 'emptied'].includes(name)) expect(existsSync(setAside ?? '')).toBe(true);
    const started = await open(dataDir);
    await started.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: 'goes on' });
    if (file === 'bus.db') expect(await headOf(started)).toBeGreaterThan(0);
  });

  test('a store that was cut while its log still has everything can be gone on with, and loses nothing', async () => {
    const young = join(root, 'young');
    const first = await open(young);
    await first.users.create({ userId: 'ann', passwordHash: 'x', displayName: 'Ann', createdAt: 1 });
    const dataDir = copyOf(young);
    halved(join(dataDir, 'store.db'));
    const error = await openEmbeddedEngines({ ...parts, dataDir }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/is cut short.*npx chasqui restore --mark/);
    const marked = await open(dataDir, { forget: true });
    expect(await marked.users.get('ann')).toMatchObject({ displayName: 'Ann' });
  });

  test('a bus that can be read is not set aside', async () => {
    const dataDir = copyOf(lived);
    missing(join(dataDir, 'bus.db-wal'));
    expect((await open(dataDir, { forget: true })).setAside).toBe(null);
  });
});

describe('search.db', () => {
  test('C13: where it is made anew, the log gives no advice, as there is nothing to do', async () => {
    const dataDir = copyOf(lived);
    overwritten(join(dataDir, 'search.db'));
    const said: { replaced: string }[] = [];
    const logger = { ...parts.logger, error: (fields: { replaced: string }) => said.push(fields) } as never;
    await open(dataDir, { logger });
    expect(said).toMatchObject([{ replaced: expect.stringContaining(`${join(dataDir, 'search.db')} is damaged`) }]);
    expect(said[0]?.replaced).not.toContain('restore');
  });

  test.each<[name: string, part: string, spoil: Spoil]>([
    ['is missing', '', missing],
    ['is emptied', '', emptied],
    ['is halved', '', halved],
    ['has noise in it', '', noise],
    ['has no log', '-wal', missing],
    ['has half of its log', '-wal', halved],
    ['is from yesterday', '', asYesterday],
  ])(
    'C13: an index that %s is due for a rebuild, which ends it; until then it answers with what it has',
    async (_, part, spoil) => {
      const dataDir = copyOf(spoil === noise && part === '' ? yesterday : lived);
      spoil(join(dataDir, `search.db${part}`));
      const engines = await open(dataDir);
      expect(await engines.search.rebuildDue()).toBe(true);
      await engines.search.ping();
      await engines.search.search({ logs: ['ann'], text: 'hello', limit: 1 });
      const rebuild = await engines.search.rebuild();
      expect(await engines.search.rebuildDue()).toBe(false);
      await rebuild.commit();
      await engines[Symbol.asyncDispose]();
      expect(await (await open(dataDir)).search.rebuildDue()).toBe(false);
    },
  );
});

describe('no damage is seen where there is none', () => {
  test('C2, C10: after kill -9 the folder opens with every message, the epoch that it had, and an index that is whole', async () => {
    const record = JSON.parse(readFileSync(join(lived, 'witness.json'), 'utf8')) as { files: object };
    expect(Object.keys(record.files)).toEqual(expect.arrayContaining(['store.db', 'bus.db', 'search.db']));
    // In place, without a copy.
    const first = await open(lived);
    const epoch = await epochOf(first);
    expect([await headOf(first), await first.search.rebuildDue()]).toEqual([190, false]);
    await first[Symbol.asyncDispose]();
    const again = await open(lived);
    expect([await epochOf(again), await headOf(again)]).toEqual([epoch, 190]);
    await again[Symbol.asyncDispose]();
    expect(await epochOf(await open(lived, { forget: true }))).not.toBe(epoch);
  });

  test('C10: a copied folder, as a restored one is, opens with a new epoch, once', async () => {
    const dataDir = copyOf(yesterday);
    const first = await open(dataDir);
    const epoch = await epochOf(first);
    expect([await headOf(first), epoch === (await epochOf(await open(copyOf(yesterday))))]).toEqual([120, false]);
    await first[Symbol.asyncDispose]();
    expect(await epochOf(await open(dataDir))).toBe(epoch);
  });

  test.each<[string, Spoil]>([
    ['missing', missing],
    ['halved', halved],
    ['emptied', emptied],
    ['another text', (path) => writeFileSync(path, 'null')],
  ])('C10: a record that is %s proves nothing: the folder opens with a new epoch', async (_, spoil) => {
    const dataDir = copyOf(yesterday);
    const first = await open(dataDir);
    const epoch = await epochOf(first);
    await first[Symbol.asyncDispose]();
    spoil(join(dataDir, 'witness.json'));
    const again = await open(dataDir);
    expect([(await epochOf(again)) === epoch, await headOf(again)]).toEqual([false, 120]);
  });
});
