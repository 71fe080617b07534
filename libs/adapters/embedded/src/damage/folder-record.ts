import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Stored beside the files of the engines. Backups leave it out, because it describes these very files. */
export const RECORD_FILE = 'witness.json';

/** The state of an engine's file at some time. Later the file can only have more commits and be longer. */
export interface FileRecord {
  commits: number;
  bytes: number;
  /** The creation time by the file system; a copy has another one. Null: the file system does not keep one. */
  bornAt: string | null;
}

/** The state of a data folder when the record was written. */
export interface FolderRecord {
  /** ISO 8601. */
  at: string;
  files: { [file: string]: FileRecord };
}

/**
 * Null when there is no record or it is unreadable: nothing is then checked against it. Errors: those of the file
 * system.
 */
export async function readRecord(dataDir: string): Promise<FolderRecord | null> {
  try {
    return parsed(await readFile(join(dataDir, RECORD_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parsed(text: string): FolderRecord | null {
  try {
    const record = JSON.parse(text) as FolderRecord | null;
    return typeof record?.files === 'object' ? record : null;
  } catch {
    return null;
  }
}

/**
 * Written to a temporary file, synced and renamed, so that there is always a complete record. Errors: those of the file
 * system.
 */
export async function writeRecord(dataDir: string, record: FolderRecord): Promise<void> {
  const path = join(dataDir, RECORD_FILE);
  const draft = `${path}.draft`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Called before the upgraded file takes the place of this one: it is then not held for a restored copy. Without a
 * readable record, nothing is done. Errors: those of the file system.
 */
export function forgetBirth(path: string): void {
  const at = join(dirname(path), RECORD_FILE);
  if (!existsSync(at)) return;
  const record = parsed(readFileSync(at, 'utf8'));
  const file = record?.files[basename(path)];
  if (file === undefined) return;
  file.bornAt = null;
  writeFileSync(`${at}.draft`, JSON.stringify(record), { mode: 0o600, flush: true });
  renameSync(`${at}.draft`, at);
}

/** The file system's data on a file; null when it is absent. */
export async function measure(path: string): Promise<Omit<FileRecord, 'commits'> | null> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return null;
  const { size, birthtimeNs } = found;
  return { bytes: Number(size), bornAt: birthtimeNs === 0n ? null : String(birthtimeNs) };
}

/**
 * As `measure`, for a record: if the creation time equals that of the last change, the file system does not keep one.
 */
export async function measureForRecord(path: string): Promise<Omit<FileRecord, 'commits'> | null> {
  const measured = await measure(path);
  if (measured === null) return null;
  const { ctimeNs } = await stat(path, { bigint: true });
  return measured.bornAt === String(ctimeNs) ? { ...measured, bornAt: null } : measured;
}
