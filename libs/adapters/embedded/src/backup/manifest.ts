import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImError } from '@chasqui/domain';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';

/** Written last: a backup without it is incomplete. */
const MANIFEST_FILE = 'backup.json';
export const SECRETS_FILE = 'secrets.json';
export const PICTURES_FOLDER = 'blobs';
/** The paths that a backup may contain: none leads outside of it. */
const HELD = /^(?:store\.db|bus\.db|secrets\.json|blobs\/(?!(?:.*\/)?\.\.(?:\/|$)).+)$/;

export interface BackupManifest {
  /** ISO 8601: everything that was acked before this time is in the backup. */
  at: string;
  /** By path, relative to the backup's folder. */
  files: { [path: string]: { bytes: number /** In hexadecimal. */; sha256: string } };
}

/** Lists everything in a folder, which completes a backup. Errors: those of the file system. */
export async function writeManifest(backup: string, at: string): Promise<BackupManifest> {
  const manifest: BackupManifest = { at, files: {} };
  for (const entry of await readdir(backup, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    manifest.files[relative(backup, path)] = { bytes: (await stat(path)).size, sha256: await digestOf(path) };
  }
  await writeSynced(join(backup, MANIFEST_FILE), JSON.stringify(manifest));
  return manifest;
}

/**
 * Checks a whole backup. Errors: `config_invalid` for an incomplete backup, or for a file that is missing or changed:
 * the message names it.
 */
export async function readManifest(backup: string): Promise<BackupManifest> {
  const manifest = await parsed(backup);
  for (const required of [STORE_FILE, BUS_FILE]) {
    if (manifest.files[required] === undefined) throw isDamaged(backup, `${MANIFEST_FILE} does not name ${required}`);
  }
  for (const [path, { bytes, sha256 }] of Object.entries(manifest.files)) {
    if (!HELD.test(path)) throw isDamaged(backup, `${MANIFEST_FILE} names ${path}, which does not belong in a backup`);
    const found = await stat(join(backup, path)).catch((error: unknown) => {
      throw isDamaged(backup, `${path} is missing`, error);
    });
    if (found.size !== bytes) throw isDamaged(backup, `${path} has ${found.size} bytes instead of ${bytes}`);
    const digest = await digestOf(join(backup, path)).catch((error: unknown) => {
      throw isDamaged(backup, `${path} cannot be read`, error);
    });
    if (digest !== sha256) throw isDamaged(backup, `${path} has changed (its SHA-256 differs)`);
  }
  return manifest;
}

async function parsed(backup: string): Promise<BackupManifest> {
  const text = await readFile(join(backup, MANIFEST_FILE), 'utf8').catch((error: unknown) => {
    const message = `${backup} is not a complete backup: it has no ${MANIFEST_FILE}`;
    throw new ImError('config_invalid', message, { field: 'backup' }, error);
  });
  try {
    const manifest = JSON.parse(text) as BackupManifest;
    Object.entries(manifest.files);
    return manifest;
  } catch (error) {
    throw isDamaged(backup, `${MANIFEST_FILE} cannot be read`, error);
  }
}

function isDamaged(backup: string, how: string, cause?: unknown): ImError {
  const message = `the backup ${backup} is damaged: ${how}. Nothing was changed; use another backup`;
  return new ImError('config_invalid', message, { field: 'backup' }, cause);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
