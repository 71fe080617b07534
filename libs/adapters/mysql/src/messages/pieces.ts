import type { PutMessage } from './message-row.ts';

/** Keys in one statement. MariaDB turns longer lists into a join. */
const MAX_KEYS = 500;
/** Characters of text in one statement: servers refuse packets of more than 16 MB. */
const MAX_CHARACTERS = 1_000_000;

/** The items in order, in pieces for one statement each. */
export function* piecesOf<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += MAX_KEYS) yield items.slice(start, start + MAX_KEYS);
}

/** The messages in order, in pieces that are also bounded by their texts. */
export function* putPieces<One extends PutMessage>(messages: readonly One[]): Generator<One[]> {
  for (const piece of piecesOf(messages)) {
    let [start, characters] = [0, 0];
    for (const [index, { text }] of piece.entries()) {
      if (index > start && characters + text.length > MAX_CHARACTERS) {
        yield piece.slice(start, index);
        [start, characters] = [index, 0];
      }
      characters += text.length;
    }
    yield piece.slice(start);
  }
}
