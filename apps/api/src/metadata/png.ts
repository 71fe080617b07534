import { crc32 } from 'node:zlib';
import type { FileBytes } from '@chasqui/ports';
import { ByteWindow } from './byte-window.ts';
import { Edits } from './edits.ts';
import { exifOf, orientationIn } from './exif.ts';

const SIGNATURE = 8;
/** Bytes of a chunk beside its data: length, name, checksum. */
const FRAME = 12;
const MAX_CHUNKS = 1_000_000;
const MAX_EXIF = 64 * 1024;
/** Chunks that make the picture what it looks like (https://www.w3.org/TR/png-3/). */
const KEPT = new Set(
  [
    'IHDR',
    'PLTE',
    'IDAT',
    'IEND',
    'tRNS',
    'acTL',
    'fcTL',
    'fdAT',
    'cHRM',
    'cICP',
    'gAMA',
    'iCCP',
    'mDCV',
    'cLLI',
  ].concat(['sBIT', 'sRGB', 'bKGD', 'hIST', 'pHYs', 'sPLT']),
);

/** A PNG without texts, times, Exif, unknown chunks and what comes after it. Null: it is no PNG. */
export async function pngEdits(file: FileBytes): Promise<Edits | null> {
  const bytes = new ByteWindow(file);
  const edits = new Edits();
  for (let at = SIGNATURE, n = 0; at < bytes.size; n++) {
    const head = await bytes.at(at, 8);
    if (head.length < 8) {
      edits.cut(at, bytes.size);
      return edits;
    }
    const name = head.toString('latin1', 4);
    if (n > MAX_CHUNKS || !/^[A-Za-z]{4}$/.test(name) || (n === 0 && name !== 'IHDR')) return null;
    const length = head.readUInt32BE();
    const end = Math.min(at + FRAME + length, bytes.size);
    const exif = name === 'eXIf' && length <= MAX_EXIF ? await bytes.at(at + 8, length) : null;
    const orientation = exif === null ? null : orientationIn(exif);
    if (orientation !== null) turn(edits, at, { end, exif, orientation });
    else if (!KEPT.has(name)) edits.cut(at, end);
    if (name === 'IEND') edits.cut(end, bytes.size);
    at = name === 'IEND' ? bytes.size : end;
  }
  return bytes.size > SIGNATURE ? edits : null;
}

function turn(
  edits: Edits,
  at: number,
  { end, exif, orientation }: { end: number; exif: Buffer | null; orientation: number },
): void {
  const kept = exifOf(orientation);
  if (exif?.equals(kept)) return;
  const named = Buffer.concat([Buffer.from('eXIf'), kept]);
  const chunk = Buffer.alloc(FRAME + kept.length);
  chunk.writeUInt32BE(kept.length);
  named.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(named), chunk.length - 4);
  edits.replace(at, end, chunk);
}
