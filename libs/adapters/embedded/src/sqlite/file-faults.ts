import { ImError } from '@chasqui/domain';
import { unusable } from '@chasqui/kit';

/** SQLite's result codes for a file that is not what SQLite wrote: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE = [11, 26];

/** How an operator goes on from a damaged folder. */
const WAY_OUT =
  'Put a backup in its place (npx chasqui restore <backup>) or, to go on without what is lost, say so (npx chasqui restore --mark).';

/** Whether SQLite found its file damaged; extended codes count as the codes that they extend. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
}

/** `data_damaged` for a file; `how` says what is wrong with it. */
export function damaged(path: string, how: string, cause?: unknown): ImError {
  return new ImError('data_damaged', `${path} ${how}. ${WAY_OUT}`, { file: path }, cause);
}

/** `data_damaged` for an error of SQLite that says so; undefined for any other. */
export function asDamage(path: string, error: unknown): ImError | undefined {
  return isDamage(error) ? damaged(path, `is damaged (${error.message})`, error) : undefined;
}

/** What opening a file failed with, as an error that names the file. */
export function openingFault(path: string, error: unknown): ImError {
  return error instanceof ImError ? error : (asDamage(path, error) ?? unusable(path, error));
}
