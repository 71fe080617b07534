import { open } from 'node:fs/promises';

/** Writes a file for its owner alone, and syncs it. Errors: those of the file system. */
export async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(text);
  await file.sync();
}

/** What was renamed into a folder stays there. Errors: those of the file system. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
