import { type FileHandle, open } from 'node:fs/promises';
import { bytesAt } from './pack.ts';
import type { PackShelf } from './pack-shelf.ts';
import type { PackWriter } from './pack-writer.ts';
import { NAME_BYTES, PIECE_BYTES, type PieceName } from './piece.ts';

/** The names of so many pieces are themselves a piece, so that lists that did not change are not written again. */
const NAMES_PER_LIST = PIECE_BYTES / NAME_BYTES;

/** Puts the first `bytes` of a file on the shelf; returns its lists. Errors: those of the file system. */
export async function putFile(file: FileHandle, bytes: number, writer: PackWriter): Promise<PieceName[]> {
  const lists: PieceName[] = [];
  let names = '';
  const close = async () => {
    if (names !== '') lists.push(await writer.put(Buffer.from(names, 'latin1')));
    names = '';
  };
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    names += await writer.put(await bytesAt(file, at, Math.min(PIECE_BYTES, bytes - at)));
    if (names.length === NAMES_PER_LIST * NAME_BYTES) await close();
  }
  await close();
  return lists;
}

/** The names of a file's pieces; null: a list is missing or damaged. */
export async function piecesOf(lists: readonly PieceName[], shelf: PackShelf): Promise<PieceName[] | null> {
  const pieces: PieceName[] = [];
  for (const list of lists) {
    const names = (await shelf.read(list))?.toString('latin1');
    if (names === undefined) return null;
    for (let at = 0; at < names.length; at += NAME_BYTES) pieces.push(names.slice(at, at + NAME_BYTES));
  }
  return pieces;
}

/**
 * Writes a file of these lists, for its owner alone, and syncs it. False: a piece is missing or damaged, or the length is
 * another. Errors: those of the file system.
 */
export async function writeFileOf(
  lists: readonly PieceName[],
  bytes: number,
  { shelf, path }: { shelf: PackShelf; path: string },
): Promise<boolean> {
  const pieces = await piecesOf(lists, shelf);
  if (pieces === null) return false;
  await using file = await open(path, 'w', 0o600);
  let written = 0;
  for (const name of pieces) {
    const content = await shelf.read(name);
    if (content === null) return false;
    await file.write(content);
    written += content.length;
  }
  await file.sync();
  return written === bytes;
}
