import type { FileBytes } from '@chasqui/ports';
import { ByteWindow } from './byte-window.ts';
import { Edits } from './edits.ts';

const HEAD = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const CONTROL = 0xf9;
const APPLICATION = 0xff;
/** How often it is repeated, and its colours. */
const KEPT = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

/** A GIF without comments, XMP and what comes after it. Null: it is no GIF. */
export async function gifEdits(file: FileBytes): Promise<Edits | null> {
  const bytes = new ByteWindow(file);
  const edits = new Edits();
  const head = await bytes.at(0, HEAD);
  if (head.length < HEAD) return null;
  let hasImage = false;
  for (let at = HEAD + colours(head[10]); at < bytes.size; ) {
    const block = await bytes.at(at, 14);
    let end: number;
    if (block[0] === TRAILER) {
      edits.cut(at + 1, bytes.size);
      end = bytes.size;
    } else if (block[0] === IMAGE) {
      hasImage = true;
      end = await afterBlocks(bytes, at + 11 + colours(block[9]));
    } else if (block[0] === EXTENSION) {
      end = await afterBlocks(bytes, at + 2);
      const isKept = block[1] === CONTROL || (block[1] === APPLICATION && KEPT.has(block.toString('latin1', 3)));
      if (!isKept) edits.cut(at, end);
    } else {
      return null;
    }
    at = end;
  }
  return hasImage ? edits : null;
}

/** Bytes of a table of colours, by the flags before it. */
function colours(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Where a list of blocks ends, each with its length before it and none at the end. */
async function afterBlocks(bytes: ByteWindow, from: number): Promise<number> {
  let at = from;
  while (at < bytes.size) {
    const piece = await bytes.rest(at);
    let inside = 0;
    while (inside < piece.length) {
      const length = piece[inside] ?? 0;
      inside += length + 1;
      if (length === 0) return at + inside;
    }
    at += inside;
  }
  return bytes.size;
}
