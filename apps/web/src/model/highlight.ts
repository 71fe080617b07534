import { queryTokens } from '@chasqui/domain';

export interface Piece {
  text: string;
  found: boolean;
}

/** Characters of a found text that are shown before its first hit. */
const LEAD = 24;
const cjk = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]/v;
const wordCharacter = /[\p{L}\p{N}\p{M}]/v;

/** The text in pieces, those that the query finds marked: words as wholes, Chinese, Japanese and Korean by any part. */
export function highlight(text: string, query: string): Piece[] {
  const folded = text.toLowerCase();
  // A letter whose lower case is longer would shift every place after it.
  if (folded.length !== text.length) return [{ text, found: false }];
  const marks = new Uint8Array(text.length);
  for (const token of queryTokens(query)) mark(folded, token, marks);
  const pieces: Piece[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (end < text.length && marks[end] === marks[start]) end++;
    pieces.push({ text: text.slice(start, end), found: marks[start] === 1 });
  }
  return pieces;
}

/** As `highlight`, cut so that the first hit is near the beginning. */
export function highlightedExcerpt(text: string, query: string): Piece[] {
  const [first, ...rest] = highlight(text, query);
  if (first === undefined || first.found || first.text.length <= LEAD * 2) return first ? [first, ...rest] : [];
  return [{ text: `…${first.text.slice(-LEAD)}`, found: false }, ...rest];
}

function mark(folded: string, token: string, marks: Uint8Array): void {
  for (let at = folded.indexOf(token); at >= 0; at = folded.indexOf(token, at + 1)) {
    if (cjk.test(token) || isWord(folded, at, at + token.length)) marks.fill(1, at, at + token.length);
  }
}

/** No letter of the same word stands before or after. */
function isWord(text: string, start: number, end: number): boolean {
  const joins = (character: string) => wordCharacter.test(character) && !cjk.test(character);
  return !joins(text.charAt(start - 1)) && !joins(text.charAt(end));
}
