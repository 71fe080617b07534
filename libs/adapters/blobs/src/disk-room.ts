import { statfs } from 'node:fs/promises';
import { ImError } from '@chasqui/domain';

/** Left free on the disk of the folder: this, or this share of a smaller disk. */
const KEPT_BYTES = 1_073_741_824;
const KEPT_SHARE = 0.05;

/** How many more bytes blobs may take of the disk that a folder is on. */
export async function diskRoom(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize - Math.min(KEPT_BYTES, blocks * bsize * KEPT_SHARE);
}

/**
 * Uploads must not take the last of a disk: the stores are often on it, and without room they could not even record that
 * something is to be deleted. Errors: `store_unavailable`.
 */
export async function mustHaveRoom(roomOf: typeof diskRoom, folder: string, bytes: number): Promise<void> {
  if ((await roomOf(folder)) >= bytes) return;
  throw new ImError('store_unavailable', 'the disk of the blob folder is nearly full');
}
