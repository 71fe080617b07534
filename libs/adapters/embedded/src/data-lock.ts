import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { makeFolder } from '@chasqui/kit';

const LOCK_FILE = 'owner.lock';
/** Who owns the folder, for people: the lock itself is the operating system's. */
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
 * Makes this process the only owner of a data folder until it is disposed or the process ends, however it ends: the lock
 * is SQLite's exclusive one, which the operating system takes from a dead process. Errors: `config_invalid` when another
 * process (or another opening in this one) has it, or the folder cannot be used.
 */
export async function lockDataDir(dataDir: string, now: number): Promise<Disposable> {
  let lock: DatabaseSync | undefined;
  try {
    await makeFolder(dataDir);
    lock = new DatabaseSync(join(dataDir, LOCK_FILE));
    lock.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const busy = error instanceof Error && 'errcode' in error && error.errcode === 5;
    const message = busy
      ? `the data folder ${dataDir} is in use by ${ownerOf(dataDir)}: stop it, or give this process another folder, or let it use that one's engines over their socket`
      : `the data folder ${dataDir} cannot be used: ${error instanceof Error ? error.message : error}`;
    throw new ImError('config_invalid', message, { field: 'dataDir' }, error);
  }
  const owner: Owner = { pid: process.pid, since: new Date(now).toISOString() };
  writeFileSync(join(dataDir, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
  const held = lock;
  return { [Symbol.dispose]: () => held.close() };
}
