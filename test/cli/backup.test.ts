import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toRecord } from '@chasqui/contracts';
import { LogReader } from '@chasqui/core';
import { CONVERSATION_TOPIC, directAudience, directConversation, encodeMessage, type Message } from '@chasqui/domain';
import {
  type BackupSource,
  connectEmbeddedEngines,
  type EmbeddedEngines,
  makeBackup,
  openEmbeddedEngines,
  restoreBackup,
  serveEmbeddedEngines,
} from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { formerBackup } from './former-backup.ts';

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
const root = mkdtempSync(join(tmpdir(), 'chasqui-backup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = (name: string) => join(root, `${name}-${++made}`);

async function open(dataDir: string): Promise<EmbeddedEngines> {
  const engines = await openEmbeddedEngines({ ...parts, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

function message(n: number): Message {
  return {
    messageId: `0190${String(n).padStart(20, '0')}`,
    conversationId: directConversation('ann', 'bob'),
    from: 'ann',
    fromDevice: 'phone',
    kind: 'c2c',
    clientMessageId: `key-${n}`,
    content: { text: `hello ${n}` },
    sentAt: n,
    audience: directAudience('ann', 'bob'),
  };
}

/** Stores messages `from` to `to`. */
async function store({ conversations, messages }: EmbeddedEngines, from: number, to: number): Promise<void> {
  const some = Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  await conversations.record(some.map((one) => toRecord(one)));
  await messages.put(some.map((one) => ({ ...encodeMessage(one), steps: [] })));
}

const backUp = (source: BackupSource, dataDir: string, to: string) => makeBackup({ source, dataDir, to, now: 7 });

/** The page that a device of bob's at this position receives. */
async function sync(engines: EmbeddedEngines, position: number, epoch: string) {
  const { logs, conversations, conversationStates: states, reactions, messages } = engines;
  const cache = {
    add: async () => {},
    get: async (_: string, ids: readonly string[]) => ids.map(() => null),
    drop: async () => {},
  };
  const { logger } = parts;
  const reader = new LogReader({
    logs,
    conversations,
    states,
    reactions,
    messages,
    cache: cache as never,
    maxPageBytes: 1e6,
    logger,
  });
  const { reset, updates } = await reader.page('bob', position, 1_000, epoch);
  return { reset, texts: updates.map((update) => ('content' in update ? update.content?.text : '')) };
}

test('C10: after a restore a device that stood beyond the backup gets a reset, and skips nothing', async () => {
  const dataDir = fresh('data');
  const backup = fresh('backup');
  const first = await open(dataDir);
  await store(first, 1, 20);
  await backUp(first, dataDir, backup);
  await store(first, 21, 40);
  const { epoch, head } = await first.logs.page('bob', 0, 1);
  await first[Symbol.asyncDispose]();

  const { at, replaced } = await restoreBackup({ backup, dataDir, now: 8 });
  expect([head, at]).toEqual([40, new Date(7).toISOString()]);
  expect(readdirSync(replaced ?? '')).toEqual(
    expect.arrayContaining(['store.db', 'bus.db', 'search.db', 'witness.json']),
  );
  const second = await open(dataDir);
  await store(second, 101, 140);
  const synced = await sync(second, 40, epoch);
  expect(synced.reset).toBe(true);
  expect(synced.texts).toEqual([...range(1, 20), ...range(101, 140)].map((n) => `hello ${n}`));
  expect(await second.search.rebuildDue()).toBe(true);
  await second[Symbol.asyncDispose]();
  // The new epoch is kept.
  const again = await open(dataDir);
  expect((await sync(again, 40, (await again.logs.page('bob', 0, 1)).epoch)).reset).toBe(false);
});

test('C10: a backup of an older version that was copied into the folder by hand is a new epoch too', async () => {
  const dataDir = fresh('data');
  const first = await open(dataDir);
  await store(first, 1, 20);
  const { epoch } = await first.logs.page('bob', 0, 1);
  await first[Symbol.asyncDispose]();
  const backup = formerBackup(dataDir, fresh('backup'));
  rmSync(dataDir, { recursive: true });
  cpSync(backup, dataDir, { recursive: true });
  expect((await sync(await open(dataDir), 20, epoch)).reset).toBe(true);
});

test('C1, C2: a backup of a server at work has everything that was acked before it began, stored or still to be done', async () => {
  const dataDir = fresh('data');
  const backup = fresh('backup');
  const engines = await open(dataDir);
  let published = 0;
  let isOver = false;
  engines.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'business',
    async handle(batch) {
      for (const { body } of batch) await store(engines, Number(body), Number(body));
    },
  });
  const working = (async () => {
    while (!isOver) {
      await engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: String(published + 1) });
      published++;
    }
  })();
  await expect.poll(() => published, { timeout: 10_000 }).toBeGreaterThan(20);
  const before = published;
  await backUp(engines, dataDir, backup).finally(() => {
    isOver = true;
  });
  await working;
  await engines[Symbol.asyncDispose]();

  const restored = fresh('restored');
  await restoreBackup({ backup, dataDir: restored, now: 8 });
  const again = await open(restored);
  const found = new Set<number>();
  const page = await again.logs.page('bob', 0, 100_000);
  for (const entry of page.entries) if (entry.type === 'message') found.add(Number(entry.clientMessageId.slice(4)));
  again.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'business',
    async handle(batch) {
      for (const { body } of batch) found.add(Number(body));
    },
  });
  await expect.poll(() => range(1, before).filter((n) => !found.has(n)), { timeout: 10_000 }).toEqual([]);
}, 60_000);

test('a backup through the engine socket is one as well; it and what is restored are for their owner alone, with secrets and pictures', async () => {
  const dataDir = fresh('data');
  const backup = fresh('backup');
  const engines = await open(dataDir);
  await store(engines, 1, 3);
  writeFileSync(join(dataDir, 'secrets.json'), '{}', { mode: 0o600 });
  mkdirSync(join(dataDir, 'blobs', 'aa'), { recursive: true });
  writeFileSync(join(dataDir, 'blobs', 'aa', 'picture'), 'picture');
  const path = join(dataDir, 'engine.sock');
  await using _server = await serveEmbeddedEngines(engines, { ...parts, path });
  await using remote = await connectEmbeddedEngines({ ...parts, path });
  const picturesFolder = join(dataDir, 'blobs');
  await makeBackup({ source: remote, dataDir, picturesFolder, to: backup, now: 7 });
  const restored = fresh('restored');
  await restoreBackup({ backup, dataDir: restored, picturesFolder: join(restored, 'blobs'), now: 8 });
  expect(readFileSync(join(restored, 'blobs', 'aa', 'picture'), 'utf8')).toBe('picture');
  expect(readFileSync(join(restored, 'secrets.json'), 'utf8')).toBe('{}');
  for (const folder of [backup, restored]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      expect(statSync(path).mode & 0o777, path).toBe(entry.isDirectory() ? 0o700 : 0o600);
    }
  }
});

test('C15: a backup of the server of another data folder is refused', async () => {
  const [dataDir, other] = [fresh('data'), fresh('data')];
  const engines = await open(dataDir);
  await (await open(other))[Symbol.asyncDispose]();
  await expect(backUp(engines, other, fresh('backup'))).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/has its files elsewhere than in .*: name its data folder with --data$/),
  });
});

describe('what would do harm is refused, and changes nothing', () => {
  async function backedUp() {
    const dataDir = fresh('data');
    const backup = fresh('backup');
    const engines = await open(dataDir);
    await store(engines, 1, 2);
    writeFileSync(join(dataDir, 'secrets.json'), '{}');
    const picturesFolder = join(dataDir, 'blobs');
    mkdirSync(join(picturesFolder, 'aa'), { recursive: true });
    writeFileSync(join(picturesFolder, 'aa', 'one'), 'picture');
    await makeBackup({ source: engines, dataDir, picturesFolder, to: backup, now: 7 });
    return { engines, dataDir, backup };
  }
  const refused = (message: RegExp) => ({ code: 'config_invalid', message: expect.stringMatching(message) });

  test('a restore while the server runs, and a backup into a folder of other files, or of a backup of an older version', async () => {
    const { engines, dataDir, backup } = await backedUp();
    await expect(restoreBackup({ backup, dataDir, now: 8 })).rejects.toMatchObject(
      refused(/in use by process.*: stop it first$/),
    );
    await expect(backUp(engines, dataDir, dataDir)).rejects.toMatchObject(refused(/has other files/));
    const former = formerBackup(dataDir, fresh('former'));
    await expect(backUp(engines, dataDir, former)).rejects.toMatchObject(refused(/a backup of an older version/));
    expect((await engines.logs.page('bob', 0, 1)).head).toBe(2);
  });

  test('a folder whose restore ended half-way: nothing starts on it, and the restore can be done again', async () => {
    const { engines, dataDir, backup } = await backedUp();
    await engines[Symbol.asyncDispose]();
    mkdirSync(join(dataDir, 'restoring'));
    renameSync(join(dataDir, 'store.db'), join(dataDir, 'restoring', 'store.db'));
    await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject(
      refused(/did not finish: run it again/),
    );
    await restoreBackup({ backup, dataDir, now: 8 });
    expect((await (await open(dataDir)).logs.page('bob', 0, 1)).head).toBe(2);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
