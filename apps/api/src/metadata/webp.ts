import type { FileBytes } from '@chasqui/ports';
import { ByteWindow } from './byte-window.ts';
import { Edits } from './edits.ts';
import { exifOf, orientationIn } from './exif.ts';

const HEAD = 12;
const MAX_CHUNKS = 1_000_000;
const MAX_EXIF = 64 * 1024;
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Bits of the first byte of VP8X: the file has Exif; it has XMP. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** A WebP without Exif, XMP, unknown chunks and what comes after it (RFC 9649). Null: it is no WebP. */
export async function webpEdits(file: FileBytes): Promise<Edits | null> {
  const bytes = new ByteWindow(file);
  const head = await bytes.at(0, HEAD);
  const end = Math.min(head.readUInt32LE(4) + 8, bytes.size);
  const edits = new Edits();
  let flags: { at: number; value: number } | null = null;
  let isTurned = false;
  for (let at = HEAD, n = 0; at < end; n++) {
    const { name, size, next } = await chunkAt(bytes, at, end);
    if (n > MAX_CHUNKS || (n === 0 && !name.startsWith('VP8'))) return null;
    if (name === 'VP8X') flags = { at: at + 8, value: (await bytes.at(at + 8, 1))[0] ?? 0 };
    const exif = name === 'EXIF' && size <= MAX_EXIF ? await bytes.at(at + 8, size) : null;
    const orientation = exif === null || isTurned ? null : orientationIn(exif);
    if (exif !== null && orientation !== null) {
      isTurned = true;
      if (!exif.equals(exifOf(orientation))) edits.replace(at, next, exifChunk(orientation));
    } else if (!KEPT.has(name)) edits.cut(at, next);
    at = next;
  }
  edits.cut(end, bytes.size);
  if (end <= HEAD) return null;
  const value = flags === null ? 0 : flags.value & ~(HAS_XMP | (isTurned ? 0 : HAS_EXIF));
  const all = new Edits();
  const length = bytes.size - edits.shrink - 8;
  if (length !== head.readUInt32LE(4)) all.replace(4, 8, uint32(length));
  if (flags !== null && value !== flags.value) all.replace(flags.at, flags.at + 1, Buffer.of(value));
  all.list.push(...edits.list);
  all.list.sort((a, b) => a.from - b.from);
  return all;
}

/** `next`: where the chunk behind it is; chunks have even lengths. */
async function chunkAt(bytes: ByteWindow, at: number, end: number) {
  const head = await bytes.at(at, 8);
  const size = head.length < 8 ? 0 : head.readUInt32LE(4);
  return { name: head.toString('latin1', 0, 4), size, next: Math.min(at + 8 + size + (size & 1), end) };
}

function exifChunk(orientation: number): Buffer {
  const block = exifOf(orientation);
  return Buffer.concat([Buffer.from('EXIF'), uint32(block.length), block]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
