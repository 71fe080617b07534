import type { FileBytes } from '@chasqui/ports';
import { boxesIn, type Part } from './boxes.ts';
import type { Edits } from './edits.ts';

/** An item of Exif or XMP is as short as that, or it is none. */
const MAX_ITEM = 16 * 1024 * 1024;
const MAX_EXTENTS = 100_000;

/**
 * Overwrites the Exif and XMP of a HEIC or AVIF: the items of these kinds (ISO/IEC 14496-12, section 8.11). `whole`: its
 * `meta` box, which is `at` its place in the file. Returns whether it could be done.
 */
export function itemEdits(
  file: FileBytes,
  whole: Buffer,
  { from, start, edits }: { from: number; start: number; edits: Edits },
): boolean {
  // Behind the version and flags of the box.
  const part = { from: start - from + 4, to: whole.length, base: from };
  const boxes = boxesIn(whole, part);
  const inside = (type: string): Part | null => {
    const box = boxes?.find((each) => each.type === type);
    return box === undefined ? null : { from: box.start - from, to: box.to - from, base: from };
  };
  const [infos, places, data] = [inside('iinf'), inside('iloc'), inside('idat')];
  if (boxes === null) return false;
  if (infos === null || places === null) return true;
  const ids = metadataItems(whole, infos);
  if (ids === null) return false;
  try {
    let extents = 0;
    for (const { id, isInside, at, length } of extentsIn(whole, places)) {
      if (++extents > MAX_EXTENTS) return false;
      if (!ids.has(id) || length === 0) continue;
      const place = isInside ? (data === null ? Number.NaN : from + data.from + at) : at;
      if (!(place >= 0 && place + length <= file.size) || length > MAX_ITEM) return false;
      edits.replace(place, place + length, new Uint8Array(length));
    }
    return true;
  } catch {
    // A place behind the end of the box.
    return false;
  }
}

/** The ids of the items that are Exif or XMP. */
function metadataItems(whole: Buffer, { from, to, base }: Part): Set<number> | null {
  const infos = boxesIn(whole, { from: from + (whole[from] === 0 ? 6 : 8), to, base });
  if (infos === null) return null;
  const ids = new Set<number>();
  for (const { start } of infos) {
    const at = start - base;
    const isWide = whole[at] === 3;
    const type = whole.toString('latin1', at + (isWide ? 10 : 8), at + (isWide ? 14 : 12));
    if (type === 'Exif' || type === 'mime') ids.add(isWide ? whole.readUInt32BE(at + 4) : whole.readUInt16BE(at + 4));
  }
  return ids;
}

/** Where the bytes of items are. Throws if it says more than is there. */
function* extentsIn(whole: Buffer, { from }: Part) {
  const version = whole.readUInt8(from);
  let at = from + 4;
  const next = (bytes: number) => {
    const value = bytes === 0 ? 0 : bytes === 8 ? Number(whole.readBigUInt64BE(at)) : whole.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  const sizes = next(2);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const wide = version === 2 ? 4 : 2;
  for (let left = next(wide); left > 0; left--) {
    const id = next(wide);
    const isInside = version > 0 && (next(2) & 15) === 1;
    next(2);
    const base = next(baseBytes);
    for (let extents = next(2); extents > 0; extents--) {
      next(indexBytes);
      const offset = next(offsetBytes);
      yield { id, isInside, at: base + offset, length: next(lengthBytes) };
    }
  }
}
