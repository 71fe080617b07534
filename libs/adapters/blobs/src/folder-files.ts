import { type FileHandle, open, opendir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { ByteRange } from '@chasqui/ports';
import { released } from './released.ts';

const PIECE = 64 * 1024;

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Closes the file when they are read, or not read on. Fails if the file ends before the range does. */
export function piecesOf(file: FileHandle, range?: ByteRange): AsyncIterable<Uint8Array> {
  return released(read(file, range), () => file.close());
}

async function* read(file: FileHandle, range?: ByteRange): AsyncGenerator<Uint8Array> {
  const end = range === undefined ? Number.POSITIVE_INFINITY : range.to + 1;
  for (let position = range?.from ?? 0; position < end; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, end - position));
    const { bytesRead } = await asStore(() => file.read(piece, 0, piece.length, position));
    if (bytesRead === 0 && range === undefined) return;
    if (bytesRead === 0) throw new ImError('store_unavailable', 'a file of the blob folder is too short');
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** The files of a folder's folders, but for some of them. */
export async function* filesIn(path: string, without: readonly string[]): AsyncGenerator<{ key: string; at: number }> {
  for (const folder of await asStore(() => readdir(path, { withFileTypes: true }))) {
    if (!folder.isDirectory() || without.includes(folder.name)) continue;
    const files = await asStore(() => opendir(join(path, folder.name)));
    for await (const { name } of files) {
      const found = await asStore(() => stat(join(path, folder.name, name)).catch(nullIfAbsent));
      if (found?.isFile()) yield { key: name, at: found.mtimeMs };
    }
  }
}

export function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** Errors leave it as `store_unavailable`. */
export async function asStore<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ImError) throw error;
    throw new ImError('store_unavailable', 'the blob folder failed', {}, error);
  }
}
