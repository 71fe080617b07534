import type { FileBytes } from '@chasqui/ports';
import { ByteWindow } from './byte-window.ts';
import { Edits } from './edits.ts';
import { exifOf, orientationIn, withExifPrefix } from './exif.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COM = 0xfe;
/** Application segments without which the picture would look different. */
const KEPT: readonly (readonly [marker: number, start: string])[] = [
  [APP0, 'JFIF\0'],
  [APP2, 'ICC_PROFILE\0'],
  [APP14, 'Adobe'],
];

/**
 * A JPEG without what it says beside the picture (ITU-T T.81, annex B): Exif, XMP, comments, previews, and what comes
 * after it. Its pixels are not touched. Null: it is no JPEG.
 */
export async function jpegEdits(file: FileBytes): Promise<Edits | null> {
  const bytes = new ByteWindow(file);
  const edits = new Edits();
  if ((await bytes.at(0, 2)).readUInt16BE() !== 0xff00 + SOI) return null;
  let orientation: number | null = null;
  for (let at = 2; at < bytes.size; ) {
    const start = await nextMarker(bytes, at);
    edits.cut(at, start);
    const [, marker = EOI, high = 0, low = 2] = await bytes.at(start, 4);
    if (marker === EOI) {
      edits.cut(start + 2, bytes.size);
      return edits;
    }
    const end = Math.min(start + 2 + high * 256 + low, bytes.size);
    if (isDropped(marker, await bytes.at(start + 4, 12))) {
      const block: Buffer | null =
        marker === APP1 && orientation === null ? await bytes.at(start + 4, end - start - 4) : null;
      orientation = block === null ? orientation : orientationIn(block);
      if (block === null || orientation === null) edits.cut(start, end);
      else replaceSegment(edits, start, { end, block, orientation });
    }
    at = marker === SOS ? await nextMarker(bytes, end, true) : end;
  }
  return edits;
}

function isDropped(marker: number, start: Buffer): boolean {
  if ((marker < APP0 || marker > APP15) && marker !== COM) return false;
  return !KEPT.some(([kept, text]) => kept === marker && start.toString('latin1').startsWith(text));
}

function replaceSegment(
  edits: Edits,
  start: number,
  { end, block, orientation }: { end: number; block: Buffer; orientation: number },
): void {
  const kept = withExifPrefix(exifOf(orientation));
  if (kept.equals(block)) return;
  edits.replace(start, end, Buffer.concat([Buffer.of(0xff, APP1, 0, kept.length + 2), kept]));
}

/** Where the next marker is; the end of the file if there is none. `inScan`: restarts and stuffed bytes are none. */
async function nextMarker(bytes: ByteWindow, from: number, inScan = false): Promise<number> {
  for (let at = from; at + 1 < bytes.size; ) {
    const piece = await bytes.rest(at);
    let found = piece.indexOf(0xff);
    for (; found !== -1 && found + 1 < piece.length; found = piece.indexOf(0xff, found + 1)) {
      const next = piece[found + 1] ?? 0;
      const isNone = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7 && inScan);
      if (!isNone) return at + found;
    }
    at += found === -1 ? piece.length : Math.max(found, 1);
  }
  return bytes.size;
}
