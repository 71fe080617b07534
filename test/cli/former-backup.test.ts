import { randomBytes } from 'node:crypto';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEngines, restoreBackup } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formerBackup } from './former-backup.ts';

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
const root = mkdtempSync(join(tmpdir(), 'chasqui-former-'));
const dataDir = join(root, 'data');
const sound = join(root, 'backup');
let made = 0;

beforeAll(async () => {
  await (await openEmbeddedEngines({ ...parts, dataDir }))[Symbol.asyncDispose]();
  writeFileSync(join(dataDir, 'secrets.json'), '{}');
  mkdirSync(join(dataDir, 'blobs', 'aa'), { recursive: true });
  writeFileSync(join(dataDir, 'blobs', 'aa', 'one'), 'picture');
  formerBackup(dataDir, sound);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a backup of an older version is restored, with its pictures', async () => {
  const restored = join(root, 'restored');
  await restoreBackup({ backup: sound, dataDir: restored, picturesFolder: join(restored, 'blobs'), now: 8 });
  expect(readFileSync(join(restored, 'blobs', 'aa', 'one'), 'utf8')).toBe('picture');
  await (await openEmbeddedEngines({ ...parts, dataDir: restored }))[Symbol.asyncDispose]();
});

test.each<[string, RegExp, (backup: string) => void]>([
  ['did not end', /is not a complete backup/, (backup) => rmSync(join(backup, 'backup.json'))],
  ['lacks its bus', /is damaged: bus\.db is missing/, (backup) => rmSync(join(backup, 'bus.db'))],
  ['lacks its secrets', /is damaged: secrets\.json is missing/, (backup) => rmSync(join(backup, 'secrets.json'))],
  ['lacks a picture', /is damaged: blobs\/aa\/one is missing/, (backup) => rmSync(join(backup, 'blobs/aa/one'))],
  ['was cut short', /is damaged: store\.db has 4096 bytes/, (backup) => truncateSync(join(backup, 'store.db'), 4096)],
  ['has noise in its store', /is damaged: store\.db has changed/, (backup) => noise(join(backup, 'store.db'))],
  ['has noise in its bus', /is damaged: bus\.db has changed/, (backup) => noise(join(backup, 'bus.db'))],
  [
    'has another picture',
    /blobs\/aa\/one has changed/,
    (backup) => writeFileSync(join(backup, 'blobs/aa/one'), 'PICTURE'),
  ],
  ['does not name its bus', /does not name bus\.db/, (backup) => rename(backup, '"bus.db"', '"blobs/bus.db"')],
  [
    'names what is not its own',
    /names blobs\/\.\.\/x, which does not belong/,
    (backup) => rename(backup, 'blobs/aa/one', 'blobs/../x'),
  ],
  ['is a folder like any other', /is not a complete backup/, (backup) => rmSync(backup, { recursive: true })],
  ['has half of its list', /is damaged/, (backup) => truncateSync(join(backup, 'backup.json'), 20)],
])('a backup of an older version that %s', async (_, says, spoil) => {
  const backup = join(root, `spoiled-${++made}`);
  cpSync(sound, backup, { recursive: true });
  spoil(backup);
  const filesOf = () => [readdirSync(dataDir), readFileSync(join(dataDir, 'store.db')).toString('base64')];
  const before = filesOf();
  await expect(restoreBackup({ backup, dataDir, now: 8 })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(says),
  });
  expect(filesOf()).toEqual(before);
});

/** Overwrites 3,000 bytes in the middle: the length is unchanged. */
function noise(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(3_000), 0, 3_000, 4_500);
  closeSync(file);
}

/** Changes a file name in a backup's list. */
function rename(backup: string, from: string, to: string): void {
  const list = join(backup, 'backup.json');
  writeFileSync(list, readFileSync(list, 'utf8').replace(from, to));
}
