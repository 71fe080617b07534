import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openEmbeddedEngines, restoreBackup } from '../index.ts';
import { faultsOf, store } from '../testing/backed-up.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { stillFolder } from '../testing/still-folder.ts';
import { makeBackup } from './make-backup.ts';

const root = scratchFolder();
let made = 0;
const fresh = (name: string) => join(root, `${name}-${++made}`);

/** The highest position of Bob's inbox after a restore. */
async function restoredHead(backup: string): Promise<number> {
  const dataDir = fresh('restored');
  await restoreBackup({ backup, dataDir, now: 9 });
  await using engines = await openEmbeddedEngines({ ...parts, dataDir });
  return (await engines.logs.page('bob', 0, 1)).head;
}

const backupsOf = (folder: string) => readdirSync(join(folder, 'backups')).map((name) => name.replace('.json', ''));

describe('kill -9 before each step', { timeout: 240_000 }, () => {
  const dying = fileURLToPath(new URL('../testing/dying-backup.ts', import.meta.url));
  /** Whether the process was killed. */
  async function dies(work: 'backup' | 'restore', dataDir: string, archive: string, at: number): Promise<boolean> {
    const child = spawn(process.execPath, [dying, work, dataDir, archive, String(at)], { stdio: 'inherit' });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
    return signal !== null;
  }
  async function stopped(from: number, to: number, dataDir = fresh('data')): Promise<string> {
    await using engines = await openEmbeddedEngines({ ...parts, dataDir });
    await store(engines, from, to);
    mkdirSync(join(dataDir, 'blobs'), { recursive: true });
    writeFileSync(join(dataDir, 'blobs', `picture-${to}`), `picture ${to}`);
    return dataDir;
  }

  test('a backup: those before stay whole, it is none itself or a whole one, and the next goes on', async () => {
    const dataDir = await stopped(1, 20);
    const before = fresh('before');
    await makeBackup({ source: stillFolder, dataDir, to: before, now: 1 });
    await stopped(21, 25, dataDir);
    await makeBackup({ source: stillFolder, dataDir, to: before, now: 2 });
    await stopped(26, 30, dataDir);
    const names = backupsOf(before);
    const left = new Set<string>();
    for (let at = 1; ; at++) {
      const to = fresh('killed');
      cpSync(before, to, { recursive: true });
      const wasKilled = await dies('backup', dataDir, to, at);
      const found = backupsOf(to).filter((name) => !name.endsWith('draft'));
      left.add(found.join());
      expect(await faultsOf(to)).toEqual([]);
      const third = '1970-01-01T00-00-00-007Z';
      for (const name of found) expect([...names, third]).toContain(name);
      if (!wasKilled) break;
      if (at % 4 !== 0) continue;
      const { name } = await makeBackup({ source: stillFolder, dataDir, to, now: 8, keep: 1 });
      expect([backupsOf(to), await faultsOf(to), await restoredHead(to)]).toEqual([[name], [], 30]);
    }
    // Neither, then all three, then the two that are to be kept.
    expect(left.size).toBe(3);
  });

  test('a restore: no server starts on the folder, or all of the backup is there; repeated, it ends', async () => {
    const dataDir = await stopped(1, 20);
    const to = fresh('backups');
    await makeBackup({ source: stillFolder, dataDir, picturesFolder: join(dataDir, 'blobs'), to, now: 1 });
    await stopped(21, 25, dataDir);
    for (let at = 1; ; at++) {
      const folder = fresh('killed');
      cpSync(dataDir, folder, { recursive: true });
      rmSync(join(folder, 'blobs'), { recursive: true });
      const wasKilled = await dies('restore', folder, to, at);
      if (!wasKilled) break;
      const isBegun = readdirSync(folder).includes('restoring');
      if (isBegun)
        await expect(openEmbeddedEngines({ ...parts, dataDir: folder })).rejects.toThrow(
          /did not finish: run it again/,
        );
      else if (at % 4 !== 0) continue;
      await restoreBackup({ backup: to, dataDir: folder, picturesFolder: join(folder, 'blobs'), now: 9 });
      expect(readFileSync(join(folder, 'blobs', 'picture-20'), 'utf8')).toBe('picture 20');
      await using engines = await openEmbeddedEngines({ ...parts, dataDir: folder });
      expect((await engines.logs.page('bob', 0, 1)).head).toBe(20);
    }
  });
});
