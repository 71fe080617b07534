import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside the files of the engines. A backup leaves it out: what it says holds for these very files alone. */
export const RECORD_FILE = 'witness.json';

/** What a file of an engine was at some moment. Later it can only have more commits and be longer. */
export interface FileRecord {
  commits: number;
  bytes: number;
  /** When the file was made, by the file system: a copy has another time. Null: the file system does not tell. */
  bornAt: string | null;
}

/** What a data folder was when this was written. */
export interface FolderRecord {
  /** ISO 8601. */
  at: string;
  files: { [file: string]: FileRecord };
}

/** Null when there is none, or none that can be read: it then proves nothing. Errors: those of the file system. */
export async function readRecord(dataDir: string): Promise<FolderRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(dataDir, RECORD_FILE), 'utf8')) as FolderRecord | null;
    return typeof record?.files === 'object' ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written beside, synced and renamed: there is always a whole one. Errors: those of the file system. */
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

/** What the file system says of a file; null when it is absent. */
export async function measure(path: string): Promise<Omit<FileRecord, 'commits'> | null> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return null;
  const { size, birthtimeNs } = found;
  return { bytes: Number(size), bornAt: birthtimeNs === 0n ? null : String(birthtimeNs) };
}

/** As `measure`, for a record: where the time of birth is that of the last change, the file system does not keep one. */
export async function measureForRecord(path: string): Promise<Omit<FileRecord, 'commits'> | null> {
  const measured = await measure(path);
  if (measured === null) return null;
  const { ctimeNs } = await stat(path, { bigint: true });
  return measured.bornAt === String(ctimeNs) ? { ...measured, bornAt: null } : measured;
}
