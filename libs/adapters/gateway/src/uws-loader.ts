import type * as Uws from 'uWebSockets.js';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '@chasqui/kit';
import { withOldNumberParsing } from './glibc-patch.ts';
import { KNOWN_BINARIES } from './uws-binaries.ts';

export type UwsModule = typeof Uws;

export interface UwsLoaderOptions {
  logger: Logger;
  /** Where a patched copy is kept. Must not be writable by other users: code is loaded from it. */
  cacheDir: string;
}

const require = createRequire(import.meta.url);

/**
 * uWebSockets.js as it is, or, where the C library is older than its binary was built for (Debian 12, Ubuntu 22.04), a
 * patched copy from `cacheDir`; the installed file is never touched. Errors: the loader's own, when neither loads.
 */
export async function loadUws({ logger, cacheDir }: UwsLoaderOptions): Promise<UwsModule> {
  try {
    return require('uWebSockets.js') as UwsModule;
  } catch (error) {
    if (!isOldGlibc(error)) throw error;
    const binary = installedBinary();
    const copy = await patchedCopy(binary, cacheDir);
    logger.info({ binary, copy }, 'the C library is older than 2.38: loading a patched copy of uWebSockets.js');
    return require(copy) as UwsModule;
  }
}

/** Whether a failed load says that the machine's C library lacks version 2.38, and nothing else. */
export function isOldGlibc(error: unknown): boolean {
  return error instanceof Error && error.message.includes("version `GLIBC_2.38' not found");
}

/** The file that uWebSockets.js loads in this process. */
export function installedBinary(): string {
  const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
  return join(dirname(require.resolve('uWebSockets.js')), file);
}

/**
 * The path of the patched copy of `binary`, written if it is not there or differs from what the patch gives.
 * Errors: a plain `Error` when the binary's hash is not the known one of its name.
 */
export async function patchedCopy(binary: string, cacheDir: string): Promise<string> {
  const original = await readFile(binary);
  const hash = createHash('sha256').update(original).digest('hex');
  if (hash !== KNOWN_BINARIES[basename(binary)]) {
    throw new Error(`${binary} has the unknown SHA-256 ${hash} and is not patched`);
  }
  const patched = withOldNumberParsing(original);
  const copy = join(cacheDir, `${hash.slice(0, 16)}-${basename(binary)}`);
  const present = await readFile(copy).catch(() => undefined);
  if (present?.equals(patched)) return copy;
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  // Renamed into place, so that processes that start together never load half a file.
  const unfinished = `${copy}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(unfinished, patched, { mode: 0o600 });
  await rename(unfinished, copy);
  return copy;
}
