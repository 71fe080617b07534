import type * as Uws from 'uWebSockets.js';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { installedBinary, KNOWN_BINARIES, patchedCopyOf } from './uws-binaries.ts';

export type UwsModule = typeof Uws;

export interface UwsLoaderOptions {
  logger: Logger;
  /** The patched copy that preparation made. Default: that of the installed binary. */
  copy?: string;
}

const require = createRequire(import.meta.url);

/**
 * Loads uWebSockets.js as installed or, if the C library is older than its binary requires (Debian 12, Ubuntu 22.04),
 * the patched copy that preparation made (`deploy/prepare/uws`). Nothing is patched here. Errors: `config_invalid` with
 * the remedy if there is no such copy; the module loader's own.
 */
export async function loadUws({
  logger,
  copy = patchedCopyOf(installedBinary()),
}: UwsLoaderOptions): Promise<UwsModule> {
  try {
    return require('uWebSockets.js') as UwsModule;
  } catch (error) {
    if (!isOldGlibc(error)) throw error;
    if (!(await isPatchedCopy(copy))) {
      const remedy = 'run: node deploy/prepare.mjs, which makes a patched copy of it, or set CHASQUI_GATEWAY=ws';
      const cause = 'uWebSockets.js was built for a newer C library than this machine has (2.38)';
      throw new ImError('config_invalid', `${cause}: ${remedy}`, { field: 'CHASQUI_GATEWAY' }, error);
    }
    logger.info({ copy }, 'the C library is older than 2.38: loading the patched copy of uWebSockets.js');
    return require(copy) as UwsModule;
  }
}

/** Whether a load failed only because the machine's C library lacks version 2.38. */
export function isOldGlibc(error: unknown): boolean {
  return error instanceof Error && error.message.includes("version `GLIBC_2.38' not found");
}

/** Code is loaded from the copy, so it must match the patch's result byte by byte. */
async function isPatchedCopy(copy: string): Promise<boolean> {
  const bytes = await readFile(copy).catch(() => null);
  if (bytes === null) return false;
  return createHash('sha256').update(bytes).digest('hex') === KNOWN_BINARIES[basename(copy)]?.patched;
}
