import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { BlobStore, BlobUploads } from '@chasqui/ports';
import { checkedKey } from './checked-key.ts';
import { diskRoom, mustHaveRoom } from './disk-room.ts';
import { asStore, filesIn, nullIfAbsent, piecesOf, syncFolder } from './folder-files.ts';
import { createFolderUploads, uploadPath } from './folder-uploads.ts';

/** Folder of files that are being written, on the same disk. */
const DRAFTS = 'drafts';
/** Folder of what is uploaded in pieces; the ledger of attachments says what in it is still wanted. */
const UPLOADS = 'uploads';
const OLD_MS = 3600 * 1000;

/**
 * Blobs as files of a folder, which several processes may share. A file is written in another folder, synced, and then
 * moved to its name: a partial file is never visible, and a stored blob survives a loss of power as far as the disk
 * keeps its promise. `roomOf`: how much of its disk they may still take.
 */
export async function openFolderBlobs(
  folder: string,
  roomOf: typeof diskRoom = diskRoom,
): Promise<BlobStore & { uploads: BlobUploads }> {
  const drafts = join(folder, DRAFTS);
  const uploads = join(folder, UPLOADS);
  // Spread by the end of the key: the ends of one moment's keys are random too.
  const pathOf = (key: string) => join(folder, checkedKey(key).slice(-2).padStart(2, '0'), key);
  try {
    for (const each of [drafts, uploads]) await mkdir(each, { recursive: true });
    await removeOld(drafts);
  } catch (error) {
    throw new ImError('config_invalid', `the blob folder cannot be used: ${folder}`, {}, error);
  }
  return {
    put: (key, bytes) =>
      asStore(async () => {
        await mustHaveRoom(roomOf, drafts, bytes instanceof Blob ? bytes.size : bytes.length);
        await write(drafts, pathOf(key), bytes);
      }),
    async get(key, range) {
      const path = pathOf(key);
      const file = await asStore(() => open(path).catch(nullIfAbsent));
      return file === null ? null : piecesOf(file, range);
    },
    async remove(key) {
      // What is uploaded first: an upload that is being finished is then a blob.
      for (const path of [uploadPath(uploads, key), pathOf(key)]) await asStore(() => unlink(path).catch(nullIfAbsent));
    },
    all: () => filesIn(folder, [DRAFTS]),
    ping: () => asStore(() => access(drafts, constants.W_OK)),
    uploads: createFolderUploads({ folder: uploads, blobPath: pathOf, roomOf }),
    async [Symbol.asyncDispose]() {},
  };
}

/** Removes files that killed processes left. A file that another process is writing now is younger. */
async function removeOld(drafts: string): Promise<void> {
  for (const name of await readdir(drafts)) {
    const path = join(drafts, name);
    const found = await stat(path).catch(nullIfAbsent);
    if (found !== null && found.mtimeMs < Date.now() - OLD_MS) await rm(path, { force: true });
  }
}

async function write(drafts: string, path: string, bytes: Uint8Array | Blob): Promise<void> {
  const draft = join(drafts, randomBytes(12).toString('hex'));
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(bytes instanceof Blob ? bytes.stream() : bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await mkdir(dirname(path), { recursive: true });
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
