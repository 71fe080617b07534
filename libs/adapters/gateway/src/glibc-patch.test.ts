import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type ElfSymbols, readElfSymbols } from './elf.ts';
import { withOldNumberParsing } from './glibc-patch.ts';
import { KNOWN_BINARIES } from './uws-binaries.ts';
import { installedBinary } from './uws-loader.ts';

/** Every symbol with the library version that it asks for, as `strtol@libc.so.6 GLIBC_2.2.5`. */
function bound({ symbols, needed }: ElfSymbols): string[] {
  const versions = new Map(needed.map(({ index, library, name }) => [index, `${library} ${name}`]));
  return symbols.map(({ name, version }) => `${name}@${versions.get(version) ?? ''}`);
}

/** The hash by which the loader looks a version up (System V ABI, "Hash Table"). */
function elfHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = (hash << 4) + byte;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

const binaries = Object.keys(KNOWN_BINARIES).map((file) => join(dirname(installedBinary()), file));

test.each(binaries)('only the new number parsing of %s becomes the old one', async (path) => {
  const original = await readFile(path);
  const untouched = Buffer.from(original);
  const base = path.includes('x64') ? 'GLIBC_2.2.5' : 'GLIBC_2.17';
  const before = bound(readElfSymbols(original));
  const patched = withOldNumberParsing(original);
  const after = readElfSymbols(patched);
  expect(before).toContain('__isoc23_strtol@libc.so.6 GLIBC_2.38');
  expect(bound(after)).toEqual(
    before.map((symbol) => symbol.replace(/^__isoc23_(\w+)@libc\.so\.6 GLIBC_2\.38$/, `$1@libc.so.6 ${base}`)),
  );
  for (const { name, hash } of after.needed) expect(hash).toBe(elfHash(name));
  expect(after.needed.filter(({ name }) => name === 'GLIBC_2.38')).toEqual([]);
  expect(original.equals(untouched)).toBe(true);
});

test('a binary that needs no patch, and what is no binary, are refused', async () => {
  const patched = withOldNumberParsing(await readFile(binaries[0] as string));
  expect(() => withOldNumberParsing(patched)).toThrow('does not ask for GLIBC_2.38');
  expect(() => withOldNumberParsing(Buffer.from('#!/bin/sh\n'))).toThrow('not a 64-bit little-endian ELF file');
});
