import type { Piece } from '../model/highlight.ts';

/** A text with the search hits marked. */
export function HighlightedText({ pieces }: { pieces: readonly Piece[] }) {
  let start = 0;
  return pieces.map(({ text, found }) => {
    const key = start;
    start += text.length;
    return found ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>;
  });
}
