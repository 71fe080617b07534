import { cp, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ImError } from '@chasqui/domain';
import { makeFolder, unusable } from '@chasqui/kit/base';
import type { BackupSource } from './copy-engines.ts';
import { type BackupManifest, PICTURES_FOLDER, SECRETS_FILE, writeManifest } from './manifest.ts';

export interface BackupOptions {
  source: BackupSource;
  dataDir: string;
  /** The folder of the pictures; absent: they are elsewhere, and not part of the backup. */
  picturesFolder?: string;
  /** A new or empty folder. */
  to: string;
  now: number;
}

/**
 * Makes a backup of an installation on embedded engines, while it runs: bus and store (see `BackupSource`), then the
 * secrets, then the pictures. Pictures come last: an unreferenced picture does no harm. Errors: `config_invalid` when
 * the folder is not empty or cannot be used, and those of `BackupSource.backup`.
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

/** Adds the pictures of a backup to the existing ones: a picture never changes. */
export async function restorePictures(backup: string, picturesFolder: string): Promise<void> {
  await copyIfThere(join(backup, PICTURES_FOLDER), picturesFolder);
}

/** Folders of the blob folder with what is not complete: a restored ledger says that it is to be uploaded again. */
const UNFINISHED = new Set(['drafts', 'uploads']);

/** Existing files at the target are kept. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await stat(from);
  } catch {
    return;
  }
  await cp(from, to, { recursive: true, force: false, filter: (path) => !UNFINISHED.has(relative(from, path)) });
}
