import { basename, dirname } from 'node:path';
import { ImError } from '@chasqui/domain';
import { dataOption, unusable } from '@chasqui/kit';

/** SQLite's result codes for a file that is not what SQLite wrote: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE = [11, 26];

/**
 * How an operator goes on from a damaged file: only what works is advised. `mark`: a backup, or `restore --mark`, as the
 * file can be read or be done without. `backup`: nothing else helps. `none`: nothing needs to be done.
 */
export type WayOut = 'mark' | 'backup' | 'none';

/** The bus can be done without, as it holds what is on its way alone; the index is made anew. */
const WAYS: { [file: string]: WayOut } = { 'bus.db': 'mark', 'search.db': 'none' };

function advice(path: string, way: WayOut): string {
  const data = dataOption(dirname(path));
  const restore = `npx chasqui restore <backup>${data}`;
  if (way === 'none') return '';
  if (way === 'backup') return `. Restore a backup (${restore}); without one, start with an empty data folder.`;
  const lost = basename(path) === 'bus.db' ? ', possibly messages that were queued but not stored' : '';
  return `. Restore a backup (${restore}), or continue without the lost data${lost} (npx chasqui restore --mark${data}).`;
}

/** Whether SQLite found its file damaged; extended codes count as the codes that they extend. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
}

/** SQLite's codes for a disk that takes nothing: SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const UNWRITABLE = [8, 10, 13, 14];

/** Whether SQLite could not write (or not read) for a reason of the disk's. */
export function isDiskFault(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && UNWRITABLE.includes(Number(error.errcode) & 0xff);
}

export interface Damage {
  /** Default: by the file's name, for a file that cannot be read. */
  way?: WayOut;
  cause?: unknown;
}

/** `data_damaged` for a file of a data folder; `how` says what is wrong with it. */
export function damaged(path: string, how: string, { way, cause }: Damage = {}): ImError {
  const message = `${path} ${how}${advice(path, way ?? WAYS[basename(path)] ?? 'backup')}`;
  return new ImError('data_damaged', message, { file: path }, cause);
}

/** `data_damaged` for an error of SQLite that says so; undefined for any other. */
export function asDamage(path: string, error: unknown): ImError | undefined {
  return isDamage(error) ? damaged(path, `is damaged (${error.message})`, { cause: error }) : undefined;
}

/** What opening a file failed with, as an error that names the file. */
export function openingFault(path: string, error: unknown): ImError {
  return error instanceof ImError ? error : (asDamage(path, error) ?? unusable(path, error));
}
