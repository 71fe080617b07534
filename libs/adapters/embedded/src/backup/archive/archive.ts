import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { makeFolder, unusable } from '@chasqui/kit/base';
import { lockFolder } from '../../data-lock.ts';
import { syncFolder, writeSynced } from '../synced.ts';
import { type Manifest, manifestOf, manifestText } from './manifest.ts';
import { PackShelf } from './pack-shelf.ts';
import { DRAFT, PackWriter } from './pack-writer.ts';

/** The folders of an archive; whoever backs up holds the lock. */
const PACKS = 'packs';
const BACKUPS = 'backups';
const ENDING = '.json';
const LOCK = 'owner.lock';

/** A folder of backups. What several backups have in common is there once: see docs/adr/0071-incremental-backups.md. */
export interface Archive extends AsyncDisposable {
  shelf: PackShelf;
  /** The names of its complete backups, the oldest first. */
  names: string[];
}

/** One that is locked for changes. */
export interface WritableArchive extends Archive {
  writer: PackWriter;
}

export async function isArchive(folder: string): Promise<boolean> {
  return stat(join(folder, BACKUPS)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Opens an archive for reading. Errors: `config_invalid`. */
export async function openArchive(folder: string): Promise<Archive> {
  try {
    const shelf = await PackShelf.open(join(folder, PACKS));
    return { shelf, names: await namesOf(folder), [Symbol.asyncDispose]: () => shelf[Symbol.asyncDispose]() };
  } catch (error) {
    throw unusable(`the backups in ${folder}`, error);
  }
}

/**
 * Opens an archive to change it, or makes one in an empty folder; what an interrupted backup began is removed. Errors:
 * `config_invalid`, also while another process changes it.
 */
export async function changeArchive(folder: string): Promise<WritableArchive> {
  await using stack = new AsyncDisposableStack();
  try {
    await makeFolder(folder);
    await requireEmptyOrArchive(folder);
    stack.use(lockFolder(join(folder, LOCK), `another process changes the backups in ${folder}`));
    for (const name of [PACKS, BACKUPS]) await makeFolder(join(folder, name));
    for (const name of [PACKS, BACKUPS]) await rm(join(folder, name, DRAFT), { force: true });
  } catch (error) {
    throw error instanceof ImError ? error : unusable(`the folder ${folder}`, error);
  }
  const archive = stack.use(await openArchive(folder));
  const writer = stack.use(new PackWriter(archive.shelf));
  const owned = stack.move();
  return { ...archive, writer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function requireEmptyOrArchive(folder: string): Promise<void> {
  const found = (await readdir(folder)).filter((name) => !name.startsWith(LOCK));
  if (found.every((name) => name === PACKS || name === BACKUPS)) return;
  const what = found.includes('backup.json') ? 'has a backup of an older version' : 'has other files';
  throw new ImError('config_invalid', `the folder ${folder} ${what}: name an empty folder, or one of earlier backups`, {
    field: 'folder',
  });
}

async function namesOf(folder: string): Promise<string[]> {
  const files = (await readdir(join(folder, BACKUPS))).filter((name) => name.endsWith(ENDING));
  return files.map((name) => name.slice(0, -ENDING.length)).sort();
}

/** Null: it is missing or damaged. */
export async function readBackup(folder: string, name: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, BACKUPS, name + ENDING), 'utf8').catch(() => null);
  return text === null ? null : manifestOf(text);
}

/** Completes a backup whose pieces are on the shelf; returns its name. Errors: those of the file system. */
export async function addBackup(folder: string, names: readonly string[], manifest: Manifest): Promise<string> {
  const time = manifest.at.replaceAll(/[:.]/g, '-');
  let name = time;
  for (let n = 2; names.includes(name); n++) name = `${time}-${n}`;
  const draft = join(folder, BACKUPS, DRAFT);
  await writeSynced(draft, manifestText(manifest));
  await rename(draft, join(folder, BACKUPS, name + ENDING));
  await syncFolder(join(folder, BACKUPS));
  return name;
}

/** Removes a backup; its pieces stay until `prune`. */
export async function removeBackups(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, BACKUPS, name + ENDING));
  await syncFolder(join(folder, BACKUPS));
}
