import type { FileBytes } from '@chasqui/ports';
import { type Box, boxAt, boxesIn, MAX_BOXES, type Part } from './boxes.ts';
import { ByteWindow } from './byte-window.ts';
import { Edits } from './edits.ts';
import { itemEdits } from './items.ts';

/** A box that is read as a whole. */
const MAX_READ = 64 * 1024 * 1024;
/** Boxes within boxes; those that matter are four deep. */
const MAX_DEPTH = 8;
/** Boxes that say something beside picture and sound: names, places, devices, what applications keep there. */
const DROPPED = new Set(['udta', 'meta', 'uuid', 'XMP_', 'Xtra', 'skip']);
const HOLDS_OTHERS = new Set(['trak', 'mdia', 'minf', 'moof', 'traf']);
/** Kinds of tracks (the handler's type) whose samples are metadata. */
const METADATA_TRACKS = new Set(['meta', 'mdta', 'camm', 'gpmd']);

/**
 * A video, a sound or a picture of the MP4 family without metadata. What is dropped is overwritten in its place, with
 * boxes of no meaning, as others refer to places in the file. `isPicture`: HEIC or AVIF, whose own `meta` box has the
 * picture in it. Null: it cannot be read.
 */
export async function bmffEdits(file: FileBytes, isPicture: boolean): Promise<Edits | null> {
  const bytes = new ByteWindow(file);
  const edits = new Edits();
  for (let at = 0, n = 0; at < bytes.size; n++) {
    const box = boxAt(await bytes.at(at, 16), 0, { from: at, end: bytes.size });
    if (n > MAX_BOXES || (box === null && at + 8 <= bytes.size)) return null;
    if (box === null) break;
    if (!(await dropIn(file, { ...box, to: Math.min(box.to, bytes.size) }, { edits, isPicture }))) return null;
    at = box.to;
  }
  edits.list.sort((a, b) => a.from - b.from);
  return edits;
}

/** Whether it could be done. `box`: one of the file, up to its end at most. */
async function dropIn(
  file: FileBytes,
  box: Box,
  { edits, isPicture }: { edits: Edits; isPicture: boolean },
): Promise<boolean> {
  const isItems = box.type === 'meta' && isPicture;
  const isTree = isItems || box.type === 'moov' || box.type === 'moof';
  if (!isTree && !DROPPED.has(box.type)) return true;
  if (box.to - box.from > MAX_READ) return false;
  if (!isTree) {
    overwrite(edits, box);
    return true;
  }
  const read = await file.read(box.from, box.to - box.from);
  const whole = Buffer.from(read.buffer, read.byteOffset, read.length);
  if (isItems) return itemEdits(file, whole, { ...box, edits });
  return dropBoxes(whole, { from: box.start - box.from, to: whole.length, base: box.from }, edits);
}

function dropBoxes(whole: Buffer, part: Part, edits: Edits, depth = 0): boolean {
  const boxes = boxesIn(whole, part);
  if (boxes === null || depth > MAX_DEPTH) return false;
  return boxes.every((box) => {
    const inside = { from: box.start - part.base, to: box.to - part.base, base: part.base };
    if (DROPPED.has(box.type) || (box.type === 'trak' && isMetadata(whole, inside))) overwrite(edits, box);
    else if (HOLDS_OTHERS.has(box.type)) return dropBoxes(whole, inside, edits, depth + 1);
    return true;
  });
}

function isMetadata(whole: Buffer, trak: Part): boolean {
  const within = (part: Part, type: string) => {
    const box = boxesIn(whole, part)?.find((each) => each.type === type);
    return box === undefined ? null : { from: box.start - part.base, to: box.to - part.base, base: part.base };
  };
  const mdia = within(trak, 'mdia');
  const hdlr = mdia === null ? null : within(mdia, 'hdlr');
  return hdlr !== null && METADATA_TRACKS.has(whole.toString('latin1', hdlr.from + 8, hdlr.from + 12));
}

/** The box becomes one of its length that means nothing. */
function overwrite(edits: Edits, { from, to }: Box): void {
  const free = Buffer.alloc(to - from);
  free.writeUInt32BE(to - from);
  free.write('free', 4, 'latin1');
  edits.replace(from, to, free);
}
