import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { makeFolder, unusable } from '@chasqui/kit';
import type { BackupSource } from './copy-engines.ts';
import { type BackupManifest, PICTURES_FOLDER, SECRETS_FILE, writeManifest } from './manifest.ts';

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
    throw new ImError('config_invalid', `the folder ${to} is not empty: a backup needs an empty folder`, {
      field: 'to',
    });
  }
  await source.backup(to);
  await copyIfThere(join(dataDir, SECRETS_FILE), join(to, SECRETS_FILE));
  if (picturesFolder !== undefined) await copyIfThere(picturesFolder, join(to, PICTURES_FOLDER));
  return writeManifest(to, new Date(now).toISOString());
}

/** Puts the pictures of a backup beside those that are there: a picture never changes. */
export async function restorePictures(backup: string, picturesFolder: string): Promise<void> {
  await copyIfThere(join(backup, PICTURES_FOLDER), picturesFolder);
}

/** What is at the target already stays. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await stat(from);
  } catch {
    return;
  }
  await cp(from, to, { recursive: true, force: false });
}
