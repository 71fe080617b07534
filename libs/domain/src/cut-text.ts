import type { MessageContent } from './message-content.ts';

/** Maximum length of a preview in the conversation list, in code units. */
export const PREVIEW_LENGTH = 100;

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Two characters below this always have a grapheme boundary between them, except CR LF. */
const FIRST_COMBINING = 0x300;
const LF = 0x0a;

/**
 * The beginning of a text: at most `max` code units, and only whole characters as readers see them (grapheme clusters,
 * UAX 29), so no half emoji and no letter without its accents. A single cluster longer than `max` is cut between code
 * points.
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const next = text.charCodeAt(max);
  if (next < FIRST_COMBINING && next !== LF && text.charCodeAt(max - 1) < FIRST_COMBINING) return text.slice(0, max);
  // Later text does not move a boundary: two more units are enough to contain the character after it.
  const start = clusters.segment(text.slice(0, max + 2)).containing(max)?.index ?? max;
  if (start > 0) return text.slice(0, start);
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** The preview of a message in the conversation list; empty if it has no text. */
export function previewOf({ text = '' }: MessageContent): string {
  return cutText(text, PREVIEW_LENGTH);
}
