import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { damaged } from '../sqlite/file-faults.ts';
import type { CommitMarks, Witness } from './commit-counter.ts';
import { type FolderRecord, measure } from './folder-record.ts';
import { isReadable, isReadableCopy } from './readable.ts';

/** The index is not authoritative: it is rebuilt, and its damage refuses no start. */
export const STORE_FILE = 'store.db';
export const BUS_FILE = 'bus.db';
export const SEARCH_FILE = 'search.db';
const TRUTHS = [STORE_FILE, BUS_FILE];

/**
 * Called before any file is opened, because SQLite recreates a missing or empty file and discards the log beside it.
 * Errors: `data_damaged` for a file that is missing, empty or shorter than recorded.
 */
export async function checkLengths(dataDir: string, { files, at }: FolderRecord): Promise<void> {
  for (const file of TRUTHS) {
    const record = files[file];
    if (record === undefined) continue;
    const path = join(dataDir, file);
    const now = (await measure(path))?.bytes;
    if (now === undefined) throw damaged(path, 'is missing');
    if (now === 0) throw damaged(path, 'is empty');
    if (now >= record.bytes) continue;
    const way =
      file === BUS_FILE || (await isWhole(path, now)) || (await isReadableCopy(path, now)) ? 'mark' : 'backup';
    throw damaged(path, `is cut short: it has ${now} bytes, but had ${record.bytes} at ${at}`, { way });
  }
}

/** Errors: `data_damaged` when the store's file is missing: opening would create an empty one. */
export async function requireStore(dataDir: string): Promise<void> {
  const path = join(dataDir, STORE_FILE);
  const bytes = (await measure(path))?.bytes;
  if (bytes === undefined) throw damaged(path, 'is missing');
  if (bytes === 0) throw damaged(path, 'is empty');
}

/**
 * Whether a file has the length that its own header states: then SQLite made it shorter (`VACUUM`), and it was not
 * truncated.
 */
async function isWhole(path: string, bytes: number): Promise<boolean> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(100);
    await file.read(header, 0, header.length, 0);
    // https://www.sqlite.org/fileformat2.html#the_database_header: 1 stands for a page of 65,536 bytes.
    const pageBytes = header.readUInt16BE(16);
    return header.readUInt32BE(28) * (pageBytes === 1 ? 65_536 : pageBytes) <= bytes;
  } finally {
    await file.close();
  }
}

/** Whether the store's file is another one than was recorded: a copy, such as a restored backup. */
export async function isCopied(dataDir: string, { files }: FolderRecord): Promise<boolean> {
  const recorded = files[STORE_FILE]?.bornAt ?? null;
  const found = (await measure(join(dataDir, STORE_FILE)))?.bornAt ?? null;
  return recorded !== null && found !== null && recorded !== found;
}

/**
 * For each file, the minimum of commits that the record or another file has seen on disk. A file with fewer commits has
 * lost some.
 */
export function seenCommits(witnesses: { [file: string]: Witness }, record: FolderRecord | null): CommitMarks {
  const seen: CommitMarks = {};
  const note = (file: string, commits: number) => {
    seen[file] = Math.max(seen[file] ?? 0, commits);
  };
  for (const [file, { commits }] of Object.entries(record?.files ?? {})) note(file, commits);
  for (const witness of Object.values(witnesses)) {
    for (const [file, commits] of Object.entries(witness.seen)) note(file, commits);
  }
  return seen;
}

/** Errors: `data_damaged` for the store or the bus when it lacks commits that were seen. */
export function checkCommits(dataDir: string, witnesses: { [file: string]: Witness }, seen: CommitMarks): void {
  for (const file of TRUTHS) {
    const [has, had] = [witnesses[file]?.commits ?? 0, seen[file] ?? 0];
    if (has >= had) continue;
    throw damaged(
      join(dataDir, file),
      `has lost its last ${had - has} commits: it has ${has} of ${had}`,
      // A store without commits was created just now.
      { way: file === BUS_FILE || has > 0 ? 'mark' : 'backup' },
    );
  }
}

/**
 * Renames an unreadable bus, with its write-ahead log, within the folder, so that a new one is created. Messages that
 * were queued and not yet stored are lost with it. Null: the bus is readable or absent. Errors: `config_invalid` when
 * the file cannot be used at all.
 */
export async function setAsideUnreadableBus(dataDir: string, now: number): Promise<string | null> {
  const path = join(dataDir, BUS_FILE);
  const bytes = (await measure(path))?.bytes ?? 0;
  if (bytes > 0 && isReadable(path)) return null;
  const to = join(dataDir, `damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}-${BUS_FILE}`);
  let moved = 0;
  for (const end of ['', '-wal', '-shm']) {
    if ((await measure(path + end)) === null) continue;
    await rename(path + end, to + end);
    moved++;
  }
  return moved > 0 ? to : null;
}
