import { resolve } from 'node:path';

/** The default data folder of an installation, relative to the working directory. */
export const DEFAULT_DATA_DIR = './.data';

/** The option that makes a printed command use this data folder: ` --data <dir>`, or nothing for the default. */
export function dataOption(dataDir: string): string {
  const path = resolve(dataDir);
  return path === resolve(DEFAULT_DATA_DIR) ? '' : ` --data ${shellWord(path)}`;
}

/** Quotes a text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
