import { ImError } from '@chasqui/domain';
import { unusable } from '@chasqui/kit';

/** SQLite's result codes for a file that is not what SQLite wrote: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE = [11, 26];

/** How an operator goes on from a damaged folder. */
const WAY_OUT =
  'Put a backup in its place (npx chasqui restore <backup>) or, to go on without what is lost, say so (npx chasqui restore --mark).';

/** Whether SQLite found its file damaged; extended codes count as the codes that they extend. */
function isDamage(error: unknown): boolean {
  if (error instanceof ImError) return error.code === 'data_damaged';
  return error instanceof Error && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
}

/** `data_damaged` for a file; `how` says what is wrong with it. */
export function damaged(path: string, how: string, cause?: unknown): ImError {
  return new ImError('data_damaged', `${path} ${how}. ${WAY_OUT}`, { file: path }, cause);
}

/** What opening a file failed with, as an error that names the file. */
export function openingFault(path: string, error: unknown): ImError {
  if (error instanceof ImError) return error;
  if (!isDamage(error)) return unusable(path, error);
  return damaged(path, `is damaged (${(error as Error).message})`, error);
}
