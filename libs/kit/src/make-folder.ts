import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents, for the owner only. One level at a time, because Node's `recursive` never returns
 * below a file system that cannot hold folders (`/proc`). Errors: those of the file system.
 */
export async function makeFolder(path: string): Promise<void> {
  const code = await tryFolder(path);
  if (code !== 'ENOENT' || dirname(path) === path) return;
  await makeFolder(dirname(path));
  if ((await tryFolder(path)) === 'ENOENT') throw new Error(`the folder ${path} cannot be created`);
}

async function tryFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { mode: 0o700 });
    return '';
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EEXIST') return code;
    throw error;
  }
}
