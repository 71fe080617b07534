import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { addBackup, changeArchive, readBackup, type WritableArchive } from './archive/archive.ts';
import { piecesOf, putFile } from './archive/file-pieces.ts';
import { type HeldFile, type Manifest, PICTURES_FOLDER, SECRETS_FILE } from './archive/manifest.ts';
import { prune } from './archive/prune.ts';
import type { BackupSource, StillFile } from './snapshot-source.ts';
import { requireSound } from './sound-file.ts';

export interface BackupOptions {
  source: BackupSource;
  dataDir: string;
  /** The folder of the pictures; absent: they are elsewhere, and not part of the backup. */
  picturesFolder?: string;
  /** A new or empty folder, or one of earlier backups. */
  to: string;
  now: number;
  /** So many backups stay, this one included. Default: all. */
  keep?: number;
}

export interface MadeBackup {
  /** Within its folder. */
  name: string;
  /** ISO 8601: everything that was acked before this time is in the backup. */
  at: string;
  /** The length of its files. */
  bytes: number;
  /** What it added to its folder. */
  written: number;
  /** Earlier backups that were removed. */
  removed: string[];
}

/** Folders of the blob folder with what is not complete: a restored ledger says that it is to be uploaded again. */
const UNFINISHED = new Set(['drafts', 'uploads']);

/**
 * Makes a backup of an installation on embedded engines, while it runs: bus and store (see `BackupSource`), then the
 * secrets, then the pictures. Pictures come last: an unreferenced picture does no harm. What earlier backups in the
 * folder have is not written again. Errors: `config_invalid` when the folder cannot be used or has other files;
 * `data_damaged` for a file that is not sound; and those of `BackupSource.whileStill`.
 */
export async function makeBackup(options: BackupOptions): Promise<MadeBackup> {
  const { source, dataDir, picturesFolder, to, now, keep } = options;
  await using archive = await changeArchive(to);
  const manifest: Manifest = { at: new Date(now).toISOString(), files: new Map() };
  await source.whileStill(dataDir, async (files) => {
    const checks = files.map(({ path }) => requireSound(path));
    for (const file of files) manifest.files.set(file.name, await heldOf(file, archive));
    await Promise.all(checks);
  });
  await addFiles(archive, manifest, [[SECRETS_FILE, join(dataDir, SECRETS_FILE)]]);
  if (picturesFolder !== undefined) {
    const last = await readBackup(to, archive.names.at(-1) ?? '');
    await addFiles(archive, manifest, await picturesOf(picturesFolder), last ?? undefined);
  }
  await archive.writer.flush();
  const { written } = archive.writer;
  const name = await addBackup(to, archive.names, manifest);
  const names = [...archive.names, name];
  const removed = keep === undefined ? [] : await prune({ ...archive, names }, to, keep);
  const bytes = [...manifest.files.values()].reduce((sum, file) => sum + file.bytes, 0);
  return { name, at: manifest.at, bytes, written, removed };
}

async function heldOf({ handle, bytes }: StillFile, { writer }: WritableArchive): Promise<HeldFile> {
  return { bytes, changedAt: 0, lists: await putFile(handle, bytes, writer) };
}

async function picturesOf(folder: string): Promise<[path: string, file: string][]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifAbsent([]));
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), relative(folder, join(parentPath, name))] as const)
    .filter(([, path]) => !UNFINISHED.has(path.split('/')[0] ?? ''))
    .map(([file, path]) => [join(PICTURES_FOLDER, path), file]);
}

/** Adds files that are there; what the last backup has unchanged is not read. */
async function addFiles(
  { shelf, writer }: WritableArchive,
  { files }: Manifest,
  named: readonly [path: string, file: string][],
  last?: Manifest,
): Promise<void> {
  for (const [path, name] of named) {
    const file = await open(name).catch(ifAbsent(null));
    if (file === null) continue;
    await using opened: FileHandle = file;
    const { size: bytes, mtimeMs: changedAt } = await opened.stat();
    const held = last?.files.get(path);
    const isKnown = held?.bytes === bytes && held.changedAt === changedAt;
    const pieces = isKnown ? await piecesOf(held.lists, shelf) : null;
    const isThere = pieces?.every((piece) => shelf.has(piece)) ?? false;
    const lists = held !== undefined && isThere ? held.lists : await putFile(opened, bytes, writer);
    files.set(path, { bytes, changedAt, lists });
  }
}

function ifAbsent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
