import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { makePrivateFile, openDataFolder, unusable } from '@chasqui/kit/base';

const LOCK_FILE = 'owner.lock';
/** Names the folder's owner for people; the lock itself is the operating system's. */
const OWNER_FILE = 'owner.json';

interface Owner {
  pid: number;
  /** ISO 8601. */
  since: string;
}

function ownerOf(dataDir: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(join(dataDir, OWNER_FILE), 'utf8')) as Owner;
    return `process ${pid} (since ${since})`;
  } catch {
    return 'another process';
  }
}

/**
 * Makes this process the only owner of a data folder until disposal or until the process ends, however it ends: the
 * lock is SQLite's exclusive one, which the operating system releases when the process dies. Errors: `config_invalid`
 * when another process (or another opening in this one) has it, or the folder cannot be used. `isReplacing`: the files
 * will be replaced, so the error must not suggest using the running server.
 */
export async function lockDataDir(dataDir: string, now: number, isReplacing: boolean): Promise<Disposable> {
  await openDataFolder(dataDir);
  let lock: Disposable | undefined;
  try {
    lock = lockFile(join(dataDir, LOCK_FILE));
    writeOwner(join(dataDir, OWNER_FILE), { pid: process.pid, since: new Date(now).toISOString() });
    return lock;
  } catch (error) {
    lock?.[Symbol.dispose]();
    if (!isBusy(error)) throw unusable(`the data folder ${dataDir}`, error);
    const wayOut = isReplacing ? 'stop it first' : 'stop it, or name another folder (--data or CHASQUI_DATA_DIR)';
    const message = `the data folder ${dataDir} is in use by ${ownerOf(dataDir)}: ${wayOut}`;
    throw new ImError('config_invalid', message, { field: 'dataDir' }, error);
  }
}

/**
 * Makes this process the only holder of a file's lock, as `lockDataDir` does. Errors: `config_invalid` with this text
 * while another one has it, and those of the file system and SQLite.
 */
export function lockFolder(path: string, isHeld: string): Disposable {
  try {
    return lockFile(path);
  } catch (error) {
    throw isBusy(error) ? new ImError('config_invalid', isHeld, { field: 'folder' }, error) : error;
  }
}

function lockFile(path: string): Disposable {
  makePrivateFile(path);
  const lock = new DatabaseSync(path);
  try {
    lock.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

/** Errors: those of the file system; nothing is then left behind. */
function writeOwner(path: string, owner: Owner): void {
  try {
    writeFileSync(path, JSON.stringify(owner), { mode: 0o600 });
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
