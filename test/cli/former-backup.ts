import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a backup as versions before incremental ones did: the files, and a list of them. The server is stopped. */
export function formerBackup(dataDir: string, backup: string): string {
  mkdirSync(backup);
  const files: { [path: string]: object } = {};
  for (const path of ['store.db', 'bus.db', 'secrets.json', 'blobs/aa/one']) {
    if (!existsSync(join(dataDir, path))) continue;
    cpSync(join(dataDir, path), join(backup, path));
    const bytes = readFileSync(join(backup, path));
    files[path] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  writeFileSync(join(backup, 'backup.json'), JSON.stringify({ at: new Date(7).toISOString(), files }));
  return backup;
}
