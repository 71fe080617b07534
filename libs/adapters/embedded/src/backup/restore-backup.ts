import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { dataOption, makeFolder } from '@chasqui/kit/base';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import { lockDataDir } from '../data-lock.ts';
import { PICTURES_FOLDER } from './archive/manifest.ts';
import { openBackup } from './open-backup.ts';
import type { OpenedBackup } from './opened-backup.ts';
import { syncFolder } from './synced.ts';

/** Present while a restore is incomplete: no server may start on the data folder. */
const DRAFT_FOLDER = 'restoring';
/** The files that a restore replaces: those of the engines, and the secrets if the backup has its own. */
const REPLACED = /^(?:(?:store|bus|search)\.db(?:-wal|-shm|\.upgrade\S*)?|witness\.json)$/;

export interface RestoreOptions {
  /** A folder of backups. */
  backup: string;
  /** The name of one of them. Default: the newest. */
  name?: string;
  dataDir: string;
  /** The folder of the pictures; absent: they are elsewhere. */
  picturesFolder?: string;
  now: number;
}

export interface RestoreReport {
  /** The time of the backup, ISO 8601. */
  at: string;
  /** The folder of the replaced files; null: there were none. */
  replaced: string | null;
}

/**
 * Replaces a data folder's files by a backup. The backup's files are checked, written and synced before anything is
 * replaced. Replaced files are kept beside the new ones, and pictures stay in place. An interrupted restore
 * leaves a folder that no server starts on; repeating it completes it. Errors: `config_invalid` when a server runs on
 * the folder, when either folder cannot be used, or the backup is incomplete.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { dataDir, picturesFolder, now } = options;
  using _lock = await lockDataDir(dataDir, now, true);
  await using backup = await openBackup(options.backup, options.name);
  const files = [...backup.files.keys()].filter((path) => !isPicture(path));
  const draft = join(dataDir, DRAFT_FOLDER);
  const wasBegun = await isBegun(dataDir);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    for (const file of files) await backup.write(file, join(draft, file));
    for (const file of [STORE_FILE, BUS_FILE]) forgetOrigin(join(draft, file));
    if (picturesFolder !== undefined) await restorePictures(backup, picturesFolder);
  } catch (error) {
    // Nothing was replaced yet: the folder is unchanged, unless an earlier restore had started to replace files.
    if (!wasBegun) await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const replaced = join(dataDir, `replaced-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`);
  const old = (await readdir(dataDir)).filter((name) => REPLACED.test(name) || files.includes(name));
  if (old.length > 0) await mkdir(replaced, { mode: 0o700 });
  for (const name of old) await rename(join(dataDir, name), join(replaced, name));
  for (const file of files) await rename(join(draft, file), join(dataDir, file));
  await syncFolder(dataDir);
  await rm(draft, { recursive: true });
  return { at: backup.at, replaced: old.length > 0 ? replaced : null };
}

/** Errors: `config_invalid` for a folder whose restore is incomplete. */
export async function refuseUnfinishedRestore(dataDir: string): Promise<void> {
  if (!(await isBegun(dataDir))) return;
  const message = `a restore into the data folder ${dataDir} did not finish: run it again (npx chasqui restore <backup>${dataOption(dataDir)})`;
  throw new ImError('config_invalid', message, { field: 'dataDir' });
}

function isBegun(dataDir: string): Promise<boolean> {
  return stat(join(dataDir, DRAFT_FOLDER)).then(
    () => true,
    () => false,
  );
}

/** Removes what applies to the original alone: the next opening gives the inboxes a new epoch (C10). */
function forgetOrigin(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode=DELETE; DELETE FROM witness');
    if (path.endsWith(STORE_FILE)) db.exec("DELETE FROM meta WHERE key IN ('epoch', 'recorded')");
  } finally {
    db.close();
  }
}

const isPicture = (path: string) => path.startsWith(`${PICTURES_FOLDER}/`);

/** Adds the pictures of a backup to those that are there: a picture never changes. */
async function restorePictures(backup: OpenedBackup, picturesFolder: string): Promise<void> {
  for (const [path, bytes] of backup.files) {
    if (!isPicture(path)) continue;
    const to = join(picturesFolder, path.slice(PICTURES_FOLDER.length + 1));
    const found = await stat(to).catch(() => null);
    if (found?.size === bytes) continue;
    await makeFolder(dirname(to));
    await backup.write(path, `${to}.draft`);
    await rename(`${to}.draft`, to);
  }
}
