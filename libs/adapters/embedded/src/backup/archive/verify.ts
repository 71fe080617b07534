import { type Archive, readBackup } from './archive.ts';
import { piecesOf } from './file-pieces.ts';
import { contentOf, type PieceName } from './piece.ts';

export interface VerifiedBackup {
  name: string;
  /** What is missing or damaged; empty: the backup is whole. */
  faults: string[];
}

export interface Verified {
  backups: VerifiedBackup[];
  /** Packs that have damaged pieces. */
  damagedPacks: string[];
}

/** Reads every piece of an archive once, and tells which backups are whole. Errors: those of the file system. */
export async function verify({ shelf, names }: Archive, folder: string): Promise<Verified> {
  const sound = new Set<PieceName>();
  const damagedPacks = [...shelf.damaged];
  for (const [pack, entries] of shelf.packs) {
    let isSound = true;
    for (const entry of entries) {
      if (contentOf(entry.name, await shelf.stored(pack, entry)) === null) isSound = false;
      else sound.add(entry.name);
    }
    if (!isSound) damagedPacks.push(pack);
  }
  const backups: VerifiedBackup[] = [];
  for (const name of names) backups.push({ name, faults: await faultsOf(name) });
  return { backups, damagedPacks };

  async function faultsOf(name: string): Promise<string[]> {
    const manifest = await readBackup(folder, name);
    if (manifest === null) return [`its list of files (backups/${name}.json) is damaged`];
    const faults: string[] = [];
    for (const [path, { lists }] of manifest.files) {
      const pieces = lists.every((list) => sound.has(list)) ? await piecesOf(lists, shelf) : null;
      const missing = pieces?.filter((piece) => !sound.has(piece)).length;
      if (missing !== 0) faults.push(missing === undefined ? `${path}: its list` : `${path}: ${missing} pieces`);
    }
    return faults;
  }
}
