import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { CONVERSATION_TOPIC, initialProfile, type MessageToRecord, PUSH_PROVIDERS } from '@chasqui/domain';
import { expect, onTestFinished, test } from 'vitest';
import { INTERNALS } from './engine-internals.ts';
import { type EmbeddedEnginesOptions, openEmbeddedEngines } from './index.ts';
import { MOMENTS_SCHEMA } from './stores/moments/moments-schema.ts';
import { ACCESS_SCHEMA, PEOPLE_SCHEMA } from './stores/people/people-schema.ts';
import { LIVES_SCHEMA } from './stores/schema.ts';
import { direct, toRecord } from './testing/direct-messages.ts';
import { writeFormerStore } from './testing/former-store.ts';
import { parts, scratchFolder } from './testing/scratch.ts';

const folder = scratchFolder();
let made = 0;
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function open(options: Partial<EmbeddedEnginesOptions> = {}) {
  const dataDir = options.dataDir ?? join(folder, String(++made));
  const engines = await openEmbeddedEngines({ ...parts, ...options, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return { engines, dataDir };
}

function message(n: number): MessageToRecord {
  const messageId = `0190${String(n).padStart(20, '0')}`;
  return toRecord(direct({ messageId, clientMessageId: `key-${n}`, sentAt: n }));
}

test('a data folder has one owner: a second one is told who has it and what to do', async () => {
  const { engines, dataDir } = await open();
  const second = openEmbeddedEngines({ ...parts, dataDir });
  await expect(second).rejects.toMatchObject({ code: 'config_invalid', details: { field: 'dataDir' } });
  await expect(second).rejects.toThrow(new RegExp(`in use by process ${process.pid} .*stop it`));
  await engines[Symbol.asyncDispose]();
  await open({ dataDir });
});

test('the lock of a process that was killed does not block the next one', async () => {
  const dataDir = join(folder, String(++made));
  const writer = fileURLToPath(new URL('./testing/kill-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toThrow(`in use by process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await open({ dataDir });
});

test('a file of a newer version is refused, and nothing stays open', async () => {
  const { engines, dataDir } = await open();
  await engines[Symbol.asyncDispose]();
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  const version = file.prepare('PRAGMA user_version').get()?.user_version;
  file.exec('PRAGMA user_version = 99');
  file.close();
  const opening = openEmbeddedEngines({ ...parts, dataDir });
  await expect(opening).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('newer version'),
  });
  const again = new DatabaseSync(join(dataDir, 'store.db'));
  again.exec(`PRAGMA user_version = ${version}`);
  again.close();
  await open({ dataDir });
});

/** A folder with a store of version 9, modified by the SQL. */
async function openFormer(changes: string) {
  const dataDir = join(folder, String(++made));
  writeFormerStore(dataDir, changes);
  return (await open({ dataDir, upgrade: true })).engines;
}

test('a file of an older version gets what it lacks, and keeps what it has', async () => {
  const since = [...`${PEOPLE_SCHEMA}${ACCESS_SCHEMA}${MOMENTS_SCHEMA}${LIVES_SCHEMA}`.matchAll(/CREATE TABLE (\w+)/g)];
  const engines = await openFormer(`${since.map(([, table]) => `DROP TABLE ${table};`).join('')}
    DROP TABLE silenced; ALTER TABLE messages DROP COLUMN checksum; PRAGMA user_version = 1`);
  const [kept] = await engines.messages.page('ann~bob', { limit: 1 });
  if (kept === undefined) expect.fail('nothing was kept');
  expect(await engines.conversations.record([toRecord(kept)])).toMatchObject([{ result: 'duplicate' }]);
  expect(await engines.contacts.request('ann', 'bob', 1)).toBe('outgoing');
  expect(await engines.pushOutcomes.trim(1, 1)).toBe(0);
  expect(await engines.auditLog.page({ limit: 1 })).toEqual([]);
  expect(await engines.momentPictures.due(1, 1)).toEqual([]);
});

test('revocations of the version before generations stand, and the next ones count on from there', async () => {
  const { revocations } = await openFormer(`ALTER TABLE registrations DROP COLUMN confirmed;
    ALTER TABLE revocations DROP COLUMN generation; ALTER TABLE revocations DROP COLUMN counter;
    INSERT INTO revocations VALUES ('ann', '', 100), ('ann', 'phone', 200); DROP TABLE lives;
    ALTER TABLE messages DROP COLUMN checksum; PRAGMA user_version = 5`);
  const asked = ['phone', 'web'].map((deviceId) => ({ userId: 'ann', deviceId }));
  const cutOff = { disabled: false, generation: 0, current: 0 };
  expect(await revocations.cutOffs(asked)).toEqual([
    { ...cutOff, issuedBefore: 200 },
    { ...cutOff, issuedBefore: 100 },
  ]);
  await revocations.revoke({ userId: 'ann', deviceId: 'web', issuedBefore: 150 });
  expect(await revocations.cutOffs(asked)).toEqual([
    { ...cutOff, issuedBefore: 200, current: 1 },
    { ...cutOff, issuedBefore: 150, generation: 1, current: 1 },
  ]);
});

test('e-mail addresses of the version before are unconfirmed, and other registrations as they were', async () => {
  const provider = (name: (typeof PUSH_PROVIDERS)[number]) => PUSH_PROVIDERS.indexOf(name);
  const { devices } = await openFormer(`ALTER TABLE registrations DROP COLUMN confirmed; DROP TABLE lives;
    INSERT INTO installs VALUES ('ann', 'phone', 'ios', 1, 1);
    INSERT INTO registrations VALUES ('ann', 'phone', ${provider('apns')}, 'a1', '', '', 1),
      ('ann', 'phone', ${provider('email')}, 'ann@example.org', '', '', 1);
    ALTER TABLE messages DROP COLUMN checksum; PRAGMA user_version = 6`);
  const registration = { app: '', language: '', at: 1 };
  expect((await devices.list(['ann']))[0]?.[0]?.registrations).toEqual([
    { ...registration, provider: 'apns', token: 'a1' },
    { ...registration, provider: 'email', token: 'ann@example.org', unconfirmed: true },
  ]);
});

test('names that an older version kept are found by the words of this one', async () => {
  const { engines, dataDir } = await open();
  const jose = { ...initialProfile('u1', 'José'), version: 1 };
  await engines.profiles.put(jose);
  await engines[Symbol.asyncDispose]();
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  file.exec("UPDATE name_words SET word = 'josé' WHERE word = 'jose'; DELETE FROM meta WHERE key = 'name_word_rules'");
  file.close();
  const { engines: upgraded } = await open({ dataDir });
  const found = async (text: string) => (await upgraded.profiles.search(text, 9)).map(({ userId }) => userId);
  expect([await found('jose'), await found('JOSÉ')]).toEqual([['u1'], ['u1']]);
  expect(await upgraded.profiles.put({ ...jose, displayName: 'Ann', version: 2 })).toBe(true);
  expect([await found('jose'), await found('ann')]).toEqual([[], ['u1']]);
});

test('a data folder that cannot be one is refused', async () => {
  const dataDir = join(folder, 'a file');
  writeFileSync(dataDir, '');
  await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject({ code: 'config_invalid' });
});

test('C2: a worker thread that dies fails its calls as unavailable, is started again, and has what it had acked', async () => {
  const { engines } = await open();
  await engines.conversations.record([message(1)]);
  const dying = engines[INTERNALS].stores.kill();
  await expect(engines.conversations.record([message(2)])).rejects.toMatchObject({ code: 'store_unavailable' });
  await dying;
  await expect
    .poll(
      () =>
        engines.conversations.ping().then(
          () => true,
          () => false,
        ),
      { timeout: 15_000 },
    )
    .toBe(true);
  expect((await engines.conversations.record([message(1)]))[0]).toMatchObject({
    result: 'duplicate',
    places: [{ log: 'ann' }, { log: 'bob', position: 1 }],
  });
  await engines[INTERNALS].search.kill();
  await expect(engines.search.ping()).rejects.toMatchObject({ code: 'search_unavailable' });
});

test('C16: at its bound the bus refuses as overloaded, and takes messages again once they are consumed', async () => {
  const { engines } = await open({ maxLogBytes: 3_000_000, retentionMs: 0 });
  const { bus } = engines;
  // Text that cannot be compressed.
  const body = JSON.stringify([randomBytes(150_000).toString('base64')]);
  const publish = (shard: number) => bus.publish({ topic: CONVERSATION_TOPIC, shard, body });
  const fill = async () => {
    for (let n = 0; n < 40; n++) await publish(n % bus.shards(CONVERSATION_TOPIC));
  };
  await expect(fill()).rejects.toMatchObject({ code: 'overloaded', retry: 'backoff' });
  await expect(publish(0)).rejects.toMatchObject({ code: 'overloaded' });
  await using consumer = bus.consume({ topic: CONVERSATION_TOPIC, group: 'g', handle: async () => {} });
  expect(consumer).toBeDefined();
  await expect
    .poll(
      () =>
        publish(0).then(
          () => true,
          () => false,
        ),
      { timeout: 15_000 },
    )
    .toBe(true);
});

test('C16: what does not fit into memory waits in the file, and is delivered all the same, in order', async () => {
  const { engines } = await open({ maxTailCharacters: 1_000 });
  const { bus } = engines;
  const bodies = Array.from({ length: 100 }, (_, i) => JSON.stringify([i, 'x'.repeat(100)]));
  for (const body of bodies) await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body });
  const seen: string[] = [];
  await using consumer = bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'g',
    maxBatch: 7,
    handle: async (batch) => void seen.push(...batch.map(({ body }) => body)),
  });
  expect(consumer).toBeDefined();
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(100);
  expect(seen).toEqual(bodies);
});

test('closing finishes what was called before', async () => {
  const { engines, dataDir } = await open();
  const recorded = engines.conversations.record([message(1)]);
  const published = engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[1]' });
  await engines[Symbol.asyncDispose]();
  expect((await recorded)[0]).toMatchObject({ result: 'recorded' });
  await published;
  await expect(engines.conversations.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(existsSync(join(dataDir, 'store.db-wal'))).toBe(false);
});

test('a data folder is made for its owner alone, and so is every file in it, whatever the umask says', async () => {
  mkdirSync(join(folder, 'parent'));
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  const { engines, dataDir } = await open({ dataDir: join(folder, 'parent', 'data') });
  await engines.conversations.record([message(1)]);
  expect(modeOf(dataDir)).toBe('700');
  const files = readdirSync(dataDir);
  expect(files).toEqual(expect.arrayContaining(['store.db', 'store.db-wal', 'bus.db', 'search.db', 'owner.lock']));
  expect(files.filter((name) => modeOf(join(dataDir, name)) !== '600')).toEqual([]);
});

test('what an older version left open to others is closed when it is opened', async () => {
  const { engines, dataDir } = await open();
  await engines.conversations.record([message(1)]);
  await engines[Symbol.asyncDispose]();
  for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o644);
  chmodSync(dataDir, 0o755);
  await open({ dataDir });
  expect([dataDir, ...readdirSync(dataDir).map((name) => join(dataDir, name))].map(modeOf)).toEqual(
    expect.arrayContaining(['700', '600']),
  );
  expect(readdirSync(dataDir).filter((name) => modeOf(join(dataDir, name)) !== '600')).toEqual([]);
});

test.each(['store.db', 'bus.db', 'search.db', 'owner.lock', 'owner.json'])(
  'C15: %s that cannot be written refuses the start by its path, and what was made for it is not left',
  async (name) => {
    const dataDir = join(folder, String(++made));
    mkdirSync(dataDir);
    mkdirSync(join(dataDir, name));
    await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(
        `${join(dataDir, name)
          .replace(/owner.*/, '')
          .replace(/\/$/, '')}`,
      ),
    });
  },
);

test('C15: a disk that is full for what names the owner refuses the start, and leaves no half of it', async () => {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  symlinkSync('/dev/full', join(dataDir, 'owner.json'));
  await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/cannot be used: ENOSPC/),
  });
  expect(readdirSync(dataDir)).toEqual(['owner.lock']);
});

test('C15: a disk that is full for the record of the folder refuses the start by its path', async () => {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  symlinkSync('/dev/full', join(dataDir, 'witness.json.draft'));
  await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/witness\.json cannot be used: ENOSPC/),
  });
});
