import { cp, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { makeFolder, unusable } from '@chasqui/kit';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import type { BackupSource } from './copy-engines.ts';

/** Written last: a backup without it was not finished. */
const MANIFEST_FILE = 'backup.json';
const SECRETS_FILE = 'secrets.json';
const PICTURES_FOLDER = 'blobs';

export interface BackupManifest {
  /** ISO 8601: everything that was acked before is in the backup. */
  at: string;
  /** Bytes of each file. */
  files: { [file: string]: number };
}

export interface BackupOptions {
  source: BackupSource;
  dataDir: string;
  /** Where pictures are kept in a folder; absent: elsewhere, and not part of the backup. */
  picturesFolder?: string;
  /** A new or empty folder. */
  to: string;
  now: number;
}

/**
 * Makes a backup of an installation on embedded engines, while it runs: bus and store (see `BackupSource`), then the
 * secrets, then the pictures, as one too many is one that nobody reaches. Errors: `config_invalid` when the folder is not
 * empty or cannot be used, and those of `BackupSource.backup`.
 */
export async function makeBackup({ source, dataDir, picturesFolder, to, now }: BackupOptions): Promise<BackupManifest> {
  await makeFolder(to).catch((error: unknown) => {
    throw unusable(`the folder ${to}`, error);
  });
  if ((await readdir(to)).length > 0) {
    throw new ImError('config_invalid', `the folder ${to} is not empty: a backup needs one of its own`, {
      field: 'to',
    });
  }
  await source.backup(to);
  const files = [BUS_FILE, STORE_FILE];
  if (await copyIfThere(join(dataDir, SECRETS_FILE), join(to, SECRETS_FILE))) files.push(SECRETS_FILE);
  if (picturesFolder !== undefined) await copyIfThere(picturesFolder, join(to, PICTURES_FOLDER));
  const manifest: BackupManifest = { at: new Date(now).toISOString(), files: {} };
  for (const file of files) manifest.files[file] = (await stat(join(to, file))).size;
  await writeSynced(join(to, MANIFEST_FILE), JSON.stringify(manifest));
  return manifest;
}

/** Errors: `config_invalid` for what is no finished backup, or has lost something since. */
export async function readManifest(backup: string): Promise<BackupManifest> {
  const path = join(backup, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const message = `${backup} is no finished backup: it has no ${MANIFEST_FILE}`;
    throw new ImError('config_invalid', message, { field: 'backup' }, error);
  });
  try {
    const manifest = JSON.parse(text) as BackupManifest;
    for (const [file, bytes] of Object.entries(manifest.files)) {
      if ((await stat(join(backup, file))).size !== bytes) throw new Error(`${file} has another length than it had`);
    }
    if (manifest.files[STORE_FILE] === undefined || manifest.files[BUS_FILE] === undefined)
      throw new Error('no stores');
    return manifest;
  } catch (error) {
    const message = `the backup ${backup} is damaged: ${(error as Error).message}`;
    throw new ImError('config_invalid', message, { field: 'backup' }, error);
  }
}

/** Puts the pictures of a backup beside those that are there: a picture never changes. */
export async function restorePictures(backup: string, picturesFolder: string): Promise<void> {
  await copyIfThere(join(backup, PICTURES_FOLDER), picturesFolder);
}

/** False: there is no such thing. What is at the target already stays. */
async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await stat(from);
  } catch {
    return false;
  }
  await cp(from, to, { recursive: true, force: false });
  return true;
}

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
