import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES, unpacked } from './bring-over.ts';

const UPGRADE = fileURLToPath(new URL('../../libs/adapters/embedded/src/testing/dying-upgrade.ts', import.meta.url));

/** Upgrades a file, seven rows a commit. `reports`: it is killed after so many; resolves to them. */
async function upgrade(path: string, reports: number): Promise<{ wasKilled: boolean; said: string[] }> {
  const kind = basename(path).replace('.db', '');
  const child = spawn(process.execPath, [UPGRADE, kind, path, String(reports), '7'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
  return { wasKilled: signal !== null, said: output.trim().split('\n') };
}

/** Everything that a file holds. */
function contentOf(path: string): { [table: string]: unknown[] } {
  const db = new DatabaseSync(path);
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    const rows = tables.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]);
    return { ...Object.fromEntries(rows), version: [db.prepare('PRAGMA user_version').get()] };
  } finally {
    db.close();
  }
}

function versionOf(path: string): unknown {
  const db = new DatabaseSync(path);
  try {
    return db.prepare('PRAGMA user_version').get()?.user_version;
  } finally {
    db.close();
  }
}

/** Makes the folder's record one of this very file, and not of the one that was packed. */
function recordBirth(dataDir: string): void {
  const path = join(dataDir, 'witness.json');
  if (!existsSync(path)) return;
  const record = JSON.parse(readFileSync(path, 'utf8'));
  record.files['store.db'].bornAt = String(statSync(join(dataDir, 'store.db'), { bigint: true }).birthtimeNs);
  writeFileSync(path, JSON.stringify(record));
}

/** Kills the upgrade ever later until it ends. Resolves to what each process said. */
async function killedUntilDone(path: string): Promise<string[][]> {
  const said: string[][] = [];
  const before = versionOf(path);
  for (let reports = 0; ; reports++) {
    const one = await upgrade(path, reports);
    said.push(one.said);
    if (!one.wasKilled) return said;
    if (!one.said.includes('the upgraded file takes its place')) expect(versionOf(path)).toBe(before);
  }
}

describe.each(FIXTURE_NAMES.filter((name) => !name.endsWith('-mysql')))('data that %s wrote', (name) => {
  test('C3, C8, C10: an upgrade that is killed in each of its parts goes on, keeps the old file until it is done, and leaves what one without kills does', async () => {
    await using fixture = await unpacked(name);
    recordBirth(fixture.data);
    const whole = `${fixture.data}-whole`;
    cpSync(fixture.data, whole, { recursive: true });
    for (const file of ['store.db', 'bus.db', 'search.db']) {
      const path = join(fixture.data, file);
      const runs = await killedUntilDone(path);
      const steps = runs.flat().filter((line) => /^schema \d+ of/.test(line));
      // No step is done twice.
      expect(new Set(steps).size).toBe(steps.length);
      await upgrade(join(whole, file), 1_000);
      const [found, expected] = [contentOf(path), contentOf(join(whole, file))];
      // Segments of words depend on when the process began.
      const isSame = (table: string) => !/^(blocks|segments|recent|words)/.test(table);
      for (const table of Object.keys(expected).filter(isSame)) expect(found[table], table).toEqual(expected[table]);
      expect(readdirSync(fixture.data).filter((entry) => entry.includes('upgrade'))).toEqual([]);
    }
    const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
    const epochOf = () =>
      contentOf(join(fixture.data, 'store.db')).meta?.find((row) => (row as { key: string }).key === 'epoch');
    const epoch = epochOf();
    await (await openEmbeddedEngines({ ...parts, dataDir: fixture.data, upgrade: true }))[Symbol.asyncDispose]();
    expect(epochOf()).toEqual(epoch);
  }, 240_000);
});

test('an old file that was written to meanwhile is upgraded anew, and so is a draft that has lost its origin', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-anew-'));
  await using fixture = await unpacked('c523cabc');
  const path = join(folder, 'bus.db');
  cpSync(fixture.data, folder, { recursive: true });
  const begun = await upgrade(path, 4);
  expect(begun.said).toContain('copied');
  expect((await upgrade(path, 1)).said.some((line) => line.startsWith('copying'))).toBe(false);
  const older = new DatabaseSync(path);
  older.exec("INSERT INTO topics VALUES (99, 'meanwhile', 1)");
  older.close();
  expect((await upgrade(path, 1_000)).said.some((line) => line.startsWith('copying'))).toBe(true);
  expect(contentOf(path).topics).toContainEqual({ id: 99, name: 'meanwhile', shards: 1 });
  expect(existsSync(`${path}.upgrade-of`)).toBe(false);
  await rm(folder, { recursive: true });
});
