import type { FileEdit } from '@chasqui/ports';
import { TooManyParts } from './too-many-parts.ts';

/** They are kept in memory (C16). */
const MAX_EDITS = 100_000;
/** Of all edits together. */
const MAX_NEW_BYTES = 256 * 1024 * 1024;
const NOTHING = new Uint8Array();

/** What is changed in a file, collected from its beginning to its end. Errors: `TooManyParts`. */
export class Edits {
  readonly list: FileEdit[] = [];
  #newBytes = 0;

  /** Removes the bytes before `to`. Neighbours become one edit, so that many small parts need no memory. */
  cut(from: number, to: number): void {
    const last = this.list.at(-1);
    if (to <= from) return;
    if (last !== undefined && last.to === from && last.bytes.length === 0) last.to = to;
    else this.replace(from, to, NOTHING);
  }

  replace(from: number, to: number, bytes: Uint8Array): void {
    this.#newBytes += bytes.length;
    if (this.list.length >= MAX_EDITS || this.#newBytes > MAX_NEW_BYTES) throw new TooManyParts();
    this.list.push({ from, to, bytes });
  }

  /** Whether no two edits change the same bytes. Call it when they are in order. */
  get isApart(): boolean {
    return this.list.every(({ from }, index) => from >= (this.list[index - 1]?.to ?? 0));
  }

  /** How many bytes the file has fewer. */
  get shrink(): number {
    return this.list.reduce((sum, { from, to, bytes }) => sum + (to - from) - bytes.length, 0);
  }
}
