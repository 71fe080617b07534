/** A word as bytes: `bytes` from `at` to `end`. */
export interface Word {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/**
 * Writes each code unit as UTF-8 writes one, so that the order of bytes is the order of JavaScript's strings. Returns
 * where the word ends; it takes at most three bytes for each unit.
 */
export function writeWord(text: string, bytes: Uint8Array, at: number): number {
  let end = at;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes[end++] = unit;
    else {
      if (unit < 0x800) bytes[end++] = 0xc0 | (unit >> 6);
      else {
        bytes[end++] = 0xe0 | (unit >> 12);
        bytes[end++] = 0x80 | ((unit >> 6) & 63);
      }
      bytes[end++] = 0x80 | (unit & 63);
    }
  }
  return end;
}

export function toWord(text: string): Word {
  const bytes = new Uint8Array(3 * text.length);
  return { bytes, at: 0, end: writeWord(text, bytes, 0) };
}

/** Negative: `a` comes before `b`; 0: they are equal. */
export function compareWords(a: Word, b: Word): number {
  const [length, otherLength] = [a.end - a.at, b.end - b.at];
  const shared = Math.min(length, otherLength);
  for (let index = 0; index < shared; index++) {
    const difference = (a.bytes[a.at + index] as number) - (b.bytes[b.at + index] as number);
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}

export function startsWith(word: Word, start: Word): boolean {
  const length = start.end - start.at;
  if (word.end - word.at < length) return false;
  for (let index = 0; index < length; index++) {
    if (word.bytes[word.at + index] !== start.bytes[start.at + index]) return false;
  }
  return true;
}
