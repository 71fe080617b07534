import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { BlobKey, BlobUploads } from '@chasqui/ports';
import { checkedKey } from './checked-key.ts';
import { type diskRoom, mustHaveRoom } from './disk-room.ts';
import { asStore, nullIfAbsent, piecesOf, syncFolder } from './folder-files.ts';

/** Pieces are gathered up to this many bytes for one write. */
const WRITE = 256 * 1024;

export interface FolderUploadsOptions {
  /** On the disk of the blobs. */
  folder: string;
  /** Where the blob of a key is. */
  blobPath(key: BlobKey): string;
  roomOf: typeof diskRoom;
}

/** The path of what is uploaded under a key. */
export function uploadPath(folder: string, key: BlobKey): string {
  return join(folder, checkedKey(key));
}

/**
 * Uploads as files of a folder. They are opened for appending alone, so that no process can change bytes that another
 * one has checked: what a late writer adds is behind the blob's end, which the ledger knows.
 */
export function createFolderUploads({ folder, blobPath, roomOf }: FolderUploadsOptions): BlobUploads {
  const pathOf = (key: BlobKey) => uploadPath(folder, key);
  const sizeOf = async (path: string) => (await stat(path).catch(nullIfAbsent))?.size;
  return {
    size: (key) => asStore(async () => (await sizeOf(pathOf(key))) ?? (await sizeOf(blobPath(key))) ?? 0),
    async append(key, pieces, limit) {
      const path = pathOf(key);
      const file = await asStore(() => open(path, 'a', 0o600));
      try {
        await appendAll(file, pieces, { limit, mustFit: (bytes) => mustHaveRoom(roomOf, folder, bytes) });
      } finally {
        await asStore(async () => {
          await file.datasync().finally(() => file.close());
          await syncFolder(folder);
        });
      }
    },
    // Appending changes nothing that is there.
    seal: (key, size) =>
      asStore(async () => {
        const there = (await sizeOf(pathOf(key))) ?? (await sizeOf(blobPath(key))) ?? 0;
        if (there < size) throw new ImError('upload_conflict', `${there} of ${size} bytes are there`);
      }),
    async read(key) {
      const openIf = (path: string) => open(path).catch(nullIfAbsent);
      const file = await asStore(async () => (await openIf(pathOf(key))) ?? (await openIf(blobPath(key))));
      return file === null ? null : piecesOf(file);
    },
    finish: (key) =>
      asStore(async () => {
        const path = pathOf(key);
        if ((await sizeOf(path)) === undefined) return;
        const target = blobPath(key);
        await mkdir(dirname(target), { recursive: true });
        // Another process may have finished it meanwhile.
        await rename(path, target).catch(nullIfAbsent);
        await syncFolder(dirname(target));
      }),
  };
}

async function appendAll(
  file: FileHandle,
  pieces: AsyncIterable<Uint8Array>,
  { limit, mustFit }: { limit: number; mustFit(bytes: number): Promise<void> },
): Promise<void> {
  let { size } = await asStore(() => file.stat());
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  const write = async () => {
    const all = Buffer.concat(gathered, bytes);
    gathered = [];
    bytes = 0;
    await asStore(() => mustFit(all.length));
    // A full disk takes a part of it.
    for (let done = 0; done < all.length; ) done += (await asStore(() => file.write(all, done))).bytesWritten;
  };
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > limit) throw new ImError('content_too_large', `more than the ${limit} bytes that were announced`);
      gathered.push(piece);
      bytes += piece.length;
      if (bytes >= WRITE) await write();
    }
  } finally {
    if (bytes > 0) await write();
  }
}
