import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { KNOWN_BINARIES } from '@chasqui/gateway/uws-binaries';
import { withOldNumberParsing } from './glibc-patch.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes the patched copy of `binary` to `copy`, unless it exists. `binary` itself is never changed. False: the copy
 * existed. Errors: a plain `Error` when the binary's hash is not the one known for its name.
 */
export async function writePatchedCopy(binary: string, copy: string): Promise<boolean> {
  const known = KNOWN_BINARIES[basename(binary)];
  const present = await readFile(copy).catch(() => null);
  if (present !== null && sha256(present) === known?.patched) return false;
  const original = await readFile(binary);
  const hash = sha256(original);
  if (hash !== known?.installed) throw new Error(`${binary} has the unknown SHA-256 ${hash}`);
  await mkdir(dirname(copy), { recursive: true });
  // Renamed into place, so that processes that start together never load a partial file.
  const unfinished = `${copy}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(unfinished, withOldNumberParsing(original), { mode: 0o644 });
  await rename(unfinished, copy);
  return true;
}
