import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import { HELD } from './archive/manifest.ts';
import { isDamaged, type OpenedBackup } from './opened-backup.ts';

/** The list of a backup as versions before incremental ones made it: a folder with the files themselves. */
export const FORMER_LIST = 'backup.json';

interface FormerList {
  /** ISO 8601: everything that was acked before this time is in the backup. */
  at: string;
  /** By path, relative to the backup's folder. */
  files: { [path: string]: { bytes: number /** In hexadecimal. */; sha256: string } };
}

/**
 * Opens a backup that an older version made, and checks all of it. Errors: `config_invalid` for an incomplete backup, or
 * for a file that is missing or changed: the message names it.
 */
export async function openFormerBackup(backup: string): Promise<OpenedBackup> {
  const { at, files } = await parsed(backup);
  for (const required of [STORE_FILE, BUS_FILE]) {
    if (files[required] === undefined) throw isDamaged(backup, `${FORMER_LIST} does not name ${required}`);
  }
  for (const [path, { bytes, sha256 }] of Object.entries(files)) {
    if (!HELD.test(path)) throw isDamaged(backup, `${FORMER_LIST} names ${path}, which does not belong in a backup`);
    const found = await stat(join(backup, path)).catch((error: unknown) => {
      throw isDamaged(backup, `${path} is missing`, error);
    });
    if (found.size !== bytes) throw isDamaged(backup, `${path} has ${found.size} bytes instead of ${bytes}`);
    const digest = await digestOf(join(backup, path)).catch((error: unknown) => {
      throw isDamaged(backup, `${path} cannot be read`, error);
    });
    if (digest !== sha256) throw isDamaged(backup, `${path} has changed (its SHA-256 differs)`);
  }
  return {
    at,
    files: new Map(Object.entries(files).map(([path, { bytes }]) => [path, bytes])),
    write: (path, to) => copySynced(join(backup, path), to),
    async [Symbol.asyncDispose]() {},
  };
}

async function parsed(backup: string): Promise<FormerList> {
  try {
    const list = JSON.parse(await readFile(join(backup, FORMER_LIST), 'utf8')) as FormerList;
    Object.entries(list.files);
    return list;
  } catch (error) {
    throw isDamaged(backup, `${FORMER_LIST} cannot be read`, error);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await using file = await open(to, 'r+');
  await file.chmod(0o600);
  await file.sync();
}
