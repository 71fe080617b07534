import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { dataOption } from '@chasqui/kit/base';
import { lockDataDir } from '../data-lock.ts';
import { restorePictures } from './backup-folder.ts';
import { PICTURES_FOLDER, readManifest } from './manifest.ts';

/** Present while a restore is incomplete: no server may start on the data folder. */
const DRAFT_FOLDER = 'restoring';
/** The files that a restore replaces: those of the engines, and the secrets if the backup has its own. */
const REPLACED = /^(?:(?:store|bus|search)\.db(?:-wal|-shm)?|witness\.json)$/;

export interface RestoreOptions {
  backup: string;
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
 * Replaces a data folder's files by a backup. The backup is checked, and its files are copied and synced, before
 * anything is replaced. Replaced files are kept beside the new ones, and pictures stay in place. An interrupted restore
 * leaves a folder that no server starts on; repeating it completes it. Errors: `config_invalid` when a server runs on
 * the folder, when either folder cannot be used, or the backup is incomplete.
 */
export async function restoreBackup({ backup, dataDir, picturesFolder, now }: RestoreOptions): Promise<RestoreReport> {
  using _lock = await lockDataDir(dataDir, now, true);
  const { at, files: held } = await readManifest(backup);
  const files = Object.keys(held).filter((path) => !path.startsWith(`${PICTURES_FOLDER}/`));
  const draft = join(dataDir, DRAFT_FOLDER);
  const wasBegun = await isBegun(dataDir);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    for (const file of files) await copySynced(join(backup, file), join(draft, file));
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
  return { at, replaced: old.length > 0 ? replaced : null };
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

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const file = await open(to, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
