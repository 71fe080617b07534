import { hasFolded, indexTokens, isMessageId, searchTerms, statusOfRank, timeOf } from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import type { Database } from '../sqlite/database.ts';
import { Documents } from './documents.ts';
import { IndexTables } from './index/index-tables.ts';
import { newestFirst } from './index/newest-first.ts';
import type { Postings } from './index/postings.ts';
import { WordIndex } from './index/word-index.ts';
import { exactMatches, foldedMatches, wordOfName } from './match.ts';
import { DOCUMENT_WIDTH, type DocumentRow, type WriteReply } from './search-operations.ts';
import { slotBase, slotsBelow } from './slots.ts';

/** From this number on, and from this share of all, documents that are gone make a rebuild due. */
const MANY_GONE = 10_000;
const GONE_SHARE = 1 / 4;

/**
 * One index: documents, and which of them have which words. Slots are in the order of message ids (see slots.ts), so
 * the newest hits are read first and the rest never. Logs and the conversation are words too, which queries cannot
 * name, so the match itself restricts whose messages are searched (C13).
 */
export class Generation {
  readonly number: number;
  readonly #db: Database;
  readonly #documents: Documents;
  #words: WordIndex | undefined;
  #gone: number | undefined;

  constructor(db: Database, number: number) {
    this.number = number;
    this.#db = db;
    this.#documents = new Documents(db, number);
  }

  create(): void {
    this.#documents.create();
    new IndexTables(this.#db, this.number).create();
  }

  drop(): void {
    this.#documents.drop();
    new IndexTables(this.#db, this.number).drop();
    this.#words = undefined;
  }

  write(rows: readonly (string | number)[]): WriteReply {
    const reply: WriteReply = [];
    for (let i = 0; i < rows.length; i += DOCUMENT_WIDTH) {
      reply.push(this.#writeOne(rows.slice(i, i + DOCUMENT_WIDTH) as DocumentRow));
    }
    return reply;
  }

  remove(id: string): void {
    const known = isMessageId(id) ? this.#documents.find(id) : undefined;
    if (known !== undefined) this.#forget(known.slot);
  }

  search({ logs, text, conversationId, above = '', below, after, limit }: SearchQuery): SearchHit[] {
    const terms = searchTerms(text);
    if (terms.length === 0) return [];
    const names = [...(logs === 'all' ? [] : [logs]), ...(conversationId === undefined ? [] : [[conversationId]])];
    const wanted = { scopes: names.map((scope) => scope.map(wordOfName)), terms };
    const isFoldedPage = after?.exact === false;
    const read = (find: typeof exactMatches, place: string | undefined, atMost: number) => {
      const before = place === undefined || (below !== undefined && below < place) ? below : place;
      return this.#newest((postings) => find(postings, wanted), { above, before }, atMost);
    };
    const exact = isFoldedPage ? [] : read(exactMatches, after?.messageId, limit);
    const hits = exact.map((hit) => ({ ...hit, exact: true }));
    if (hits.length >= limit || !hasFolded(terms)) return hits;
    const others = read(foldedMatches, isFoldedPage ? after.messageId : undefined, limit - hits.length);
    return [...hits, ...others.map((hit) => ({ ...hit, exact: false }))];
  }

  /** At the end of a transaction; see `WordIndex.save`. */
  save(): void {
    this.#words?.save();
  }

  /** Whether so many documents are gone that their words are worth removing. */
  isCluttered(): boolean {
    const gone = this.#goneCount();
    return gone >= MANY_GONE && gone > GONE_SHARE * this.#index().size;
  }

  /** The first `limit` hits by id. Slots are in the order of ids to the millisecond. */
  #newest(find: (postings: Postings) => Uint32Array, { above, before }: Bounds, limit: number): Found[] {
    const first = above === '' ? Number.NEGATIVE_INFINITY : slotBase(timeOf(above));
    const end = before === undefined ? Number.POSITIVE_INFINITY : slotsBelow(before);
    const hits: Found[] = [];
    const byId = (a: Found, b: Found) => (a.messageId < b.messageId ? 1 : -1);
    const all = this.#index()
      .all()
      .filter(({ high }) => high >= first);
    for (const slot of newestFirst(all, find, end)) {
      const last = hits[limit - 1];
      if (slot < first || (last !== undefined && slot < slotBase(timeOf(last.messageId)))) break;
      const row = this.#documents.at(slot);
      if (row === undefined) continue;
      const [messageId, conversationId, from, , text, sentAt, status] = row;
      if (messageId <= above || (before !== undefined && messageId >= before)) continue;
      hits.push({ messageId, conversationId, from, sentAt, status: statusOfRank(status), text });
      if (hits.length >= limit) hits.sort(byId).splice(limit);
    }
    return hits.sort(byId);
  }

  #writeOne(row: DocumentRow): string | null {
    const [id, , , logs, text, , , version] = row;
    if (!isMessageId(id)) return `not a message id: ${id}`;
    const added = this.#documents.add(row);
    if (typeof added === 'number') {
      this.#addWords(added, row);
      return null;
    }
    const { slot, row: known } = added;
    const [, , , knownLogs, knownText, , , knownVersion] = known;
    if (knownVersion >= version) return null;
    if (knownText === text && knownLogs === logs) {
      this.#documents.change(slot, row);
      return null;
    }
    this.#forget(slot);
    this.#addWords(this.#documents.add(row) as number, row);
    return null;
  }

  #addWords(slot: number, row: DocumentRow): void {
    const words = wordsOf(row);
    if (words.length > 0) this.#index().add(slot, words);
  }

  #forget(slot: number): void {
    this.#documents.remove(slot);
    this.#gone = this.#goneCount() + 1;
    this.#db.run('UPDATE generations SET gone = ? WHERE number = ?', this.#gone, this.number);
  }

  #goneCount(): number {
    this.#gone ??= this.#db.number('SELECT gone FROM generations WHERE number = ?', this.number);
    return this.#gone;
  }

  /** Opened with the first use: reading the newest documents again takes some time. */
  #index(): WordIndex {
    this.#words ??= new WordIndex(this.#db, this.number, (slot) => {
      const row = this.#documents.at(slot);
      return row === undefined ? [] : wordsOf(row);
    });
    return this.#words;
  }
}

type Found = Omit<SearchHit, 'exact'>;

/** What is searched: documents with ids greater than `above` and smaller than `before`. */
interface Bounds {
  above: string;
  before: string | undefined;
}

/** Without repetition. None for a document without words in its text: nothing finds it. */
function wordsOf([, conversationId, , logs, text]: DocumentRow): string[] {
  const tokens = indexTokens(text);
  if (tokens.length === 0) return [];
  return [...tokens, ...new Set([...logs.split(','), conversationId].map(wordOfName))];
}
