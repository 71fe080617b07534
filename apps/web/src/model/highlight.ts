import { foldAccents, nfkcCasefold, searchTerms, wordRuns } from '@chasqui/domain';

export interface Piece {
  text: string;
  found: boolean;
}

/** Characters of a text that are shown before its first hit. */
const LEAD = 24;
const SKIN_TONES = /\p{Emoji_Modifier}/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text, normalized as searches compare it. */
interface FoldedText {
  folded: string;
  /** For each code unit of `folded`, where its original character begins and ends in the text. */
  starts: number[];
  ends: number[];
}

/** The text in pieces, with the query's hits marked: words, beginnings of words, parts of scripts without spaces. */
export function highlight(text: string, query: string): Piece[] {
  const folded = foldText(text);
  const marks = new Uint8Array(text.length);
  for (const { tokens, beginnings } of searchTerms(query)) {
    for (const token of tokens) mark(folded, token, beginnings.length > 0, marks);
  }
  const pieces: Piece[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (end < text.length && marks[end] === marks[start]) end++;
    pieces.push({ text: text.slice(start, end), found: marks[start] === 1 });
  }
  return pieces;
}

/** As `highlight`, shortened so that the first hit is near the beginning. */
export function highlightedExcerpt(text: string, query: string): Piece[] {
  const [first, ...rest] = highlight(text, query);
  if (first === undefined || first.found || first.text.length <= LEAD * 2) return first ? [first, ...rest] : [];
  return [{ text: `…${first.text.slice(-LEAD)}`, found: false }, ...rest];
}

function foldText(text: string): FoldedText {
  const result: FoldedText = { folded: '', starts: [], ends: [] };
  for (const { segment, index } of graphemes.segment(text)) {
    const folded = foldAccents(nfkcCasefold(segment)).replace(SKIN_TONES, '');
    result.folded += folded;
    for (let i = 0; i < folded.length; i++) {
      result.starts.push(index);
      result.ends.push(index + segment.length);
    }
  }
  return result;
}

function mark({ folded, starts, ends }: FoldedText, token: string, isBeginning: boolean, marks: Uint8Array): void {
  const wanted = nfkcCasefold(token);
  // Emoji are not words, and are found within a word.
  const isPart = wordRuns(token).every(({ gram }) => gram !== undefined);
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const isWord = !joins(folded.charAt(at - 1)) && (isBeginning || !joins(folded.charAt(end)));
    if (isPart || isWord) marks.fill(1, starts[at], ends[end - 1]);
  }
}

/** Whether the character belongs to the adjacent word. */
function joins(character: string): boolean {
  return wordRuns(character).some(({ gram }) => gram === undefined);
}
