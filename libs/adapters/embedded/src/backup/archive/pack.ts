import { type FileHandle, open } from 'node:fs/promises';
import { NAME_BYTES, nameOf, type PieceName } from './piece.ts';

/**
 * A pack: pieces in their stored form, one after the other; then its list: the name and the length (32 bits) of each; and
 * last the SHA-256 of the list, how many pieces there are (32 bits), and these letters.
 */
const LETTERS = 'chasqui1';
const ENTRY_BYTES = NAME_BYTES + 4;
const END_BYTES = NAME_BYTES + 4 + LETTERS.length;

export interface PackEntry {
  name: PieceName;
  start: number;
  bytes: number;
}

/** What follows the pieces of a pack. */
export function listOf(entries: readonly PackEntry[]): Buffer {
  const list = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [at, { name, bytes }] of entries.entries()) {
    list.write(name, at * ENTRY_BYTES, 'latin1');
    list.writeUInt32BE(bytes, at * ENTRY_BYTES + NAME_BYTES);
  }
  const count = Buffer.alloc(4);
  count.writeUInt32BE(entries.length);
  return Buffer.concat([list, Buffer.from(nameOf(list), 'latin1'), count, Buffer.from(LETTERS)]);
}

/** The pieces of a pack; null: its list is damaged. Errors: those of the file system. */
export async function readList(path: string): Promise<PackEntry[] | null> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size < END_BYTES) return null;
  const end = await bytesAt(file, size - END_BYTES, END_BYTES);
  const count = end.readUInt32BE(NAME_BYTES);
  const start = size - END_BYTES - count * ENTRY_BYTES;
  if (end.toString('latin1', NAME_BYTES + 4) !== LETTERS || start < 0) return null;
  const list = await bytesAt(file, start, count * ENTRY_BYTES);
  if (nameOf(list) !== end.toString('latin1', 0, NAME_BYTES)) return null;
  const entries: PackEntry[] = [];
  for (let at = 0, from = 0; at < list.length; at += ENTRY_BYTES) {
    const bytes = list.readUInt32BE(at + NAME_BYTES);
    entries.push({ name: list.toString('latin1', at, at + NAME_BYTES), start: from, bytes });
    from += bytes;
  }
  return entries;
}

/** Shorter than asked for at the end of the file. */
export async function bytesAt(file: FileHandle, start: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let read = 0;
  while (read < bytes) {
    const { bytesRead } = await file.read(buffer, read, bytes - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
