import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { makeFolder } from './make-folder.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

/**
 * Makes the data folder, or takes the one that is there, for its owner alone: the folder gets mode 0700, the files and
 * sockets directly in it 0600, whatever the umask says and an older version left. Errors: `config_invalid` that names the
 * path.
 */
export async function openDataFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
    await closeToOthers(dataDir, (await stat(dataDir)).mode, FOLDER_MODE);
    for (const entry of await readdir(dataDir, { withFileTypes: true })) {
      if (!entry.isFile() && !entry.isSocket()) continue;
      const path = join(dataDir, entry.name);
      const found = await lstat(path).catch(nullIf('ENOENT'));
      if (found !== null) await closeToOthers(path, found.mode, FILE_MODE);
    }
  } catch (error) {
    throw unusable(`the data folder ${dataDir}`, error);
  }
}

/** Makes an empty file for its owner alone, or closes the one that is there to others. Errors: those of the file system. */
export function makePrivateFile(path: string): void {
  const file = openSync(path, 'a', FILE_MODE);
  try {
    if (fstatSync(file).isFile()) fchmodSync(file, FILE_MODE);
  } finally {
    closeSync(file);
  }
}

/** `config_invalid`: what the process needs of its data folder cannot be used. `what` names it with its path. */
export function unusable(what: string, error: unknown): ImError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ImError('config_invalid', `${what} cannot be used: ${reason}`, { field: 'dataDir' }, error);
}

/** A folder or file of another owner (a mounted volume) stays as its owner made it. */
async function closeToOthers(path: string, found: number, mode: number): Promise<void> {
  if ((found & OTHERS) === 0) return;
  await chmod(path, mode).catch(nullIf('EPERM', 'ENOENT'));
}

function nullIf(...codes: string[]): (error: NodeJS.ErrnoException) => null {
  return (error) => {
    if (codes.includes(error.code ?? '')) return null;
    throw error;
  };
}
