import { type NeededVersion, readElfSymbols } from './elf.ts';

const C_LIBRARY = 'libc.so.6';
const TOO_NEW = 'GLIBC_2.38';
/**
 * The version of the oldest functions: the C library's first version on x86-64, or else on 64-bit ARM. The order
 * matters: x86-64 has the ARM version too, for later functions.
 */
const BASE_VERSIONS = ['GLIBC_2.2.5', 'GLIBC_2.17'];
/**
 * GLIBC 2.38 added these as variants of `strtol`, `strtoul` and `sscanf` that also read the `0b` numbers of C23.
 * Everything that was compiled against its headers requires them; code that reads no `0b` numbers runs the same with
 * the old ones.
 */
const NEW_NAME_PREFIX = '__isoc23_';

/**
 * A copy of the binary that requires the old functions, and no longer GLIBC 2.38. Errors: a plain `Error` when it
 * requires anything else of 2.38.
 */
export function withOldNumberParsing(binary: Buffer): Buffer {
  const { symbols, needed } = readElfSymbols(binary);
  const tooNew = libcVersion(needed, [TOO_NEW]);
  const base = libcVersion(needed, BASE_VERSIONS);
  const patched = Buffer.from(binary);
  for (const symbol of symbols) {
    if (symbol.version !== tooNew.index) continue;
    if (!symbol.name.startsWith(NEW_NAME_PREFIX)) {
      throw new Error(`${symbol.name} of ${TOO_NEW} has no older form`);
    }
    // The old name is a suffix of the new one, so the string table already contains it.
    patched.writeUInt32LE(symbol.nameOffset + NEW_NAME_PREFIX.length, symbol.nameOffsetAt);
    patched.writeUInt16LE(base.index, symbol.versionAt);
  }
  // No symbol has the version now, but the loader still checks each listed version: list the base version twice
  // instead.
  patched.writeUInt32LE(base.hash, tooNew.at);
  patched.writeUInt32LE(base.nameOffset, tooNew.at + 8);
  return patched;
}

function libcVersion(needed: NeededVersion[], names: string[]): NeededVersion {
  for (const wanted of names) {
    const found = needed.find(({ library, name }) => library === C_LIBRARY && name === wanted);
    if (found !== undefined) return found;
  }
  throw new Error(`the binary does not ask for ${names.join(' or ')} of ${C_LIBRARY}`);
}
