import { resolve } from 'node:path';

/** Where an installation keeps its data when nobody says otherwise, relative to where a command runs. */
export const DEFAULT_DATA_DIR = './.data';

/** What a printed command needs so that it means this data folder: ` --data <dir>`, or nothing where that is the default. */
export function dataOption(dataDir: string): string {
  const path = resolve(dataDir);
  return path === resolve(DEFAULT_DATA_DIR) ? '' : ` --data ${shellWord(path)}`;
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
