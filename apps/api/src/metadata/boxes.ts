/** A box of the ISO base media file format (ISO/IEC 14496-12, section 4.2), which MP4, QuickTime, HEIC and AVIF are. */
export interface Box {
  type: string;
  /** Where it begins, where what is in it begins, and where it ends. */
  from: number;
  start: number;
  to: number;
}

/** A part of a buffer, `base`: where the buffer begins in its file. */
export interface Part {
  from: number;
  to: number;
  base: number;
}

/** Boxes side by side. */
export const MAX_BOXES = 100_000;

/** The head of a box at a place; `end`: of what it is in. Null: there is no whole head. */
export function boxAt(bytes: Buffer, at: number, place: { from: number; end: number }): Box | null {
  if (at + 8 > bytes.length) return null;
  const { from, end } = place;
  const short = bytes.readUInt32BE(at);
  const isLong = short === 1;
  if (isLong && at + 16 > bytes.length) return null;
  const size = short === 0 ? end - from : isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short;
  const head = isLong ? 16 : 8;
  if (size < head) return null;
  return { type: bytes.toString('latin1', at + 4, at + 8), from, start: from + head, to: from + size };
}

/** The boxes in a part of a buffer. Null: they are none, or too many. */
export function boxesIn(bytes: Buffer, part: Part): Box[] | null {
  const boxes: Box[] = [];
  for (let at = part.from; at + 8 <= part.to; ) {
    const box = boxAt(bytes, at, { from: part.base + at, end: part.base + part.to });
    if (box === null || box.to > part.base + part.to || boxes.length >= MAX_BOXES) return null;
    boxes.push(box);
    at = box.to - part.base;
  }
  return boxes;
}
