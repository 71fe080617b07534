import type { FileEdit } from '@chasqui/ports';

/** What is changed in a file, collected from its beginning to its end. */
export class Edits {
  readonly list: FileEdit[] = [];

  /** Removes the bytes before `to`. Neighbours become one edit, so that many small parts need no memory. */
  cut(from: number, to: number): void {
    const last = this.list.at(-1);
    if (to <= from) return;
    if (last !== undefined && last.to === from && last.bytes.length === 0) last.to = to;
    else this.list.push({ from, to, bytes: new Uint8Array() });
  }

  replace(from: number, to: number, bytes: Uint8Array): void {
    this.list.push({ from, to, bytes });
  }

  /** How many bytes the file has fewer. */
  get shrink(): number {
    return this.list.reduce((sum, { from, to, bytes }) => sum + (to - from) - bytes.length, 0);
  }
}
