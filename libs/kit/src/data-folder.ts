import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImError } from '@chasqui/domain';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

/**
 * Creates the data folder or opens an existing one, for its owner only: the folder gets mode 0700, and the files and
 * sockets directly in it 0600, regardless of the umask and of what an older version left. Errors: `config_invalid`,
 * naming the path.
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

/**
 * Creates an empty file that only its owner can access, or restricts an existing one. Errors: those of the file system.
 */
export function makePrivateFile(path: string): void {
  const file = openSync(path, 'a', FILE_MODE);
  try {
    if (fstatSync(file).isFile()) fchmodSync(file, FILE_MODE);
  } finally {
    closeSync(file);
  }
}

/**
 * `config_invalid`: something that the process needs in its data folder cannot be used. `what` names it with its path.
 */
export function unusable(what: string, error: unknown): ImError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ImError('config_invalid', `${what} cannot be used: ${reason}`, { field: 'dataDir' }, error);
}

/** Leaves a folder or file of another owner (a mounted volume) unchanged. */
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
