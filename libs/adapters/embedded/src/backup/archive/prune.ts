import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { readBackup, removeBackups, type WritableArchive } from './archive.ts';
import { piecesOf } from './file-pieces.ts';
import type { PackEntry } from './pack.ts';
import type { PieceName } from './piece.ts';

/**
 * Removes all backups but the newest, then what only those had. A pack of which less than half is needed is written anew
 * without the rest. The backups go first, and a pack goes when its pieces are in another one: killed at any moment, every
 * backup that is named is whole. Returns the names of the removed ones. Errors: `config_invalid` when a list of a kept
 * backup is missing or damaged (nothing is then removed but backups), and those of the file system.
 */
export async function prune(archive: WritableArchive, folder: string, keep: number): Promise<string[]> {
  const { shelf, writer, names } = archive;
  const removed = names.slice(0, Math.max(0, names.length - keep));
  await removeBackups(folder, removed);
  const needed = await piecesNeeded(archive, folder, names.slice(removed.length));
  const without: string[] = [];
  for (const [pack, entries] of shelf.packs) {
    const left = entries.filter(({ name }) => needed.has(name));
    if (bytesOf(left) * 2 >= bytesOf(entries)) continue;
    for (const entry of left) await writer.putStored(entry.name, await shelf.stored(pack, entry));
    without.push(pack);
  }
  await writer.flush();
  for (const pack of without) await rm(join(shelf.folder, pack));
  return removed;
}

async function piecesNeeded({ shelf }: WritableArchive, folder: string, kept: readonly string[]) {
  const needed = new Set<PieceName>();
  for (const name of kept) {
    const manifest = await readBackup(folder, name);
    for (const { lists } of manifest?.files.values() ?? []) {
      const pieces = await piecesOf(lists, shelf);
      if (pieces === null) throw cannotPrune(folder, name);
      for (const piece of [...lists, ...pieces]) needed.add(piece);
    }
    if (manifest === null) throw cannotPrune(folder, name);
  }
  return needed;
}

function bytesOf(entries: readonly PackEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function cannotPrune(folder: string, name: string): ImError {
  const message = `the backup ${name} in ${folder} is damaged, so it is not known what it needs: remove it (backups/${name}.json) first`;
  return new ImError('config_invalid', message, { field: 'folder' });
}
