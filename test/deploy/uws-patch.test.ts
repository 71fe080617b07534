import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { installedBinary, KNOWN_BINARIES } from '@chasqui/gateway/uws-binaries';
import { expect, onTestFinished, test } from 'vitest';
import { type ElfSymbols, readElfSymbols } from '../../deploy/prepare/uws/elf.ts';
import { withOldNumberParsing } from '../../deploy/prepare/uws/glibc-patch.ts';
import { writePatchedCopy } from '../../deploy/prepare/uws/patched-copy.ts';

const root = join(import.meta.dirname, '../..');

/** Plain JavaScript, run as before any installation. */
const preparation: {
  needsPatchedUws(folder: string, machine: { glibc: string | null; gateway: string }): boolean;
} = await import(join(root, 'deploy/prepare/uws.mjs'));

/** Every symbol with the library version that it requires, as `strtol@libc.so.6 GLIBC_2.2.5`. */
function bound({ symbols, needed }: ElfSymbols): string[] {
  const versions = new Map(needed.map(({ index, library, name }) => [index, `${library} ${name}`]));
  return symbols.map(({ name, version }) => `${name}@${versions.get(version) ?? ''}`);
}

/** The hash by which the loader looks up a version (System V ABI, "Hash Table"). */
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
  expect(createHash('sha256').update(patched).digest('hex')).toBe(KNOWN_BINARIES[basename(path)]?.patched);
});

test('a binary that needs no patch, and what is no binary, are refused', async () => {
  const patched = withOldNumberParsing(await readFile(binaries[0] as string));
  expect(() => withOldNumberParsing(patched)).toThrow('does not ask for GLIBC_2.38');
  expect(() => withOldNumberParsing(Buffer.from('#!/bin/sh\n'))).toThrow('not a 64-bit little-endian ELF file');
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-uws-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('the patched copy is made once, and mended when something else is in its place', async () => {
  const folder = await emptyFolder();
  const copy = join(folder, 'copies', basename(installedBinary()));
  expect(await writePatchedCopy(installedBinary(), copy)).toBe(true);
  const [first, good] = [await stat(copy), await readFile(copy)];
  expect(await writePatchedCopy(installedBinary(), copy)).toBe(false);
  expect((await stat(copy)).mtimeMs).toBe(first.mtimeMs);
  await appendFile(copy, 'x');
  await Promise.all([writePatchedCopy(installedBinary(), copy), writePatchedCopy(installedBinary(), copy)]);
  expect((await readFile(copy)).equals(good)).toBe(true);
  expect(await readdir(dirname(copy))).toEqual([basename(copy)]);
});

test('a binary that nobody knows is not patched', async () => {
  const folder = await emptyFolder();
  const strange = join(folder, basename(installedBinary()));
  await copyFile(installedBinary(), strange);
  await appendFile(strange, 'x');
  await expect(writePatchedCopy(strange, join(folder, 'copy.node'))).rejects.toThrow('unknown SHA-256');
  expect(await readdir(folder)).toEqual([basename(strange)]);
});

test('preparation patches where the C library is older than 2.38, unless the gateway is ws', async () => {
  const needs = (glibc: string | null, gateway = 'auto', folder = root) =>
    preparation.needsPatchedUws(folder, { glibc, gateway });
  expect(['2.36', '2.37', '2.38', '2.41', '3.0', null].filter((version) => needs(version))).toEqual(['2.36', '2.37']);
  expect(needs('2.36', 'uws')).toBe(true);
  expect(needs('2.36', 'ws')).toBe(false);
  expect(needs('2.36', 'auto', await emptyFolder())).toBe(false);
});
