import type { MessageContent } from './message.ts';

/** Code units of a message that lists of conversations show. */
export const PREVIEW_LENGTH = 100;

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Between two characters below this there is always a border, but for CR and LF. */
const FIRST_COMBINING = 0x300;
const LF = 0x0a;

/**
 * The beginning of a text, of at most `max` code units and whole characters as readers see them (grapheme clusters, UAX 29):
 * no half emoji, no letter without its accents. A single one that is longer than `max` is cut between code points.
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const next = text.charCodeAt(max);
  if (next < FIRST_COMBINING && next !== LF && text.charCodeAt(max - 1) < FIRST_COMBINING) return text.slice(0, max);
  // What follows a border does not move it: two more units are all of the character behind it.
  const start = clusters.segment(text.slice(0, max + 2)).containing(max)?.index ?? max;
  if (start > 0) return text.slice(0, start);
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** What a list of conversations shows of a message; empty when it has no text. */
export function previewOf({ text = '' }: MessageContent): string {
  return cutText(text, PREVIEW_LENGTH);
}
