import { basename, dirname } from 'node:path';
import { ImError } from '@chasqui/domain';
import { dataOption, unusable } from '@chasqui/kit/base';

/** SQLite's result codes for a file that SQLite did not write so: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE = [11, 26];

/**
 * How an operator can recover from a damaged file; only working ways are advised. `mark`: a backup, or `restore
 * --mark`, because the file is readable or dispensable. `backup`: a backup alone. `none`: no action is needed.
 */
export type WayOut = 'mark' | 'backup' | 'none';

/** The bus is dispensable, as it holds only messages in flight; the index is recreated. */
const WAYS: { [file: string]: WayOut } = { 'bus.db': 'mark', 'search.db': 'none' };

function advice(path: string, way: WayOut): string {
  const data = dataOption(dirname(path));
  const restore = `npx chasqui restore <backup>${data}`;
  if (way === 'none') return '';
  if (way === 'backup') return `. Restore a backup (${restore}); without one, start with an empty data folder.`;
  const lost = basename(path) === 'bus.db' ? ', possibly messages that were queued but not stored' : '';
  return `. Restore a backup (${restore}), or continue without the lost data${lost} (npx chasqui restore --mark${data}).`;
}

/** An error as SQLite throws for a damaged file, so that the transaction is rolled back and the damage reported. */
export function damage(what: string): Error {
  return Object.assign(new Error(what), { errcode: DAMAGE[0] });
}

/** Whether SQLite found its file damaged; extended codes count as their base codes. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
}

/** SQLite's codes for a disk that refuses writes: SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const UNWRITABLE = [8, 10, 13, 14];

/** Whether SQLite could not write (or read) because of the disk. */
export function isDiskFault(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && UNWRITABLE.includes(Number(error.errcode) & 0xff);
}

export interface Damage {
  /** Default: by the file's name, for an unreadable file. */
  way?: WayOut;
  cause?: unknown;
}

/** Makes `data_damaged` for a file of a data folder; `how` describes the damage. */
export function damaged(path: string, how: string, { way, cause }: Damage = {}): ImError {
  const message = `${path} ${how}${advice(path, way ?? WAYS[basename(path)] ?? 'backup')}`;
  return new ImError('data_damaged', message, { file: path }, cause);
}

/** `data_damaged` for an SQLite error that reports damage; undefined for any other. */
export function asDamage(path: string, error: unknown): ImError | undefined {
  return isDamage(error) ? damaged(path, `is damaged (${error.message})`, { cause: error }) : undefined;
}

/** Converts an error from opening a file to one that names the file. */
export function openingFault(path: string, error: unknown): ImError {
  return error instanceof ImError ? error : (asDamage(path, error) ?? unusable(path, error));
}

/** The error for content that is not as it was written, in a file that SQLite finds sound: handled as SQLite's own. */
export function damagedContent(how: string): Error {
  return Object.assign(new Error(how), { errcode: DAMAGE[0] });
}
