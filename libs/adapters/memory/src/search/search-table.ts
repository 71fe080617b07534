import { indexTokens, type MessageId, type SearchTerm, searchTerms } from '@chasqui/domain';
import type { SearchDocument, SearchHit, SearchQuery } from '@chasqui/ports';

interface Entry {
  document: SearchDocument;
  tokens: ReadonlySet<string>;
}

function isFor({ logs, conversationId, above = '', below }: SearchQuery, document: SearchDocument): boolean {
  const { messageId } = document;
  if (messageId <= above || (below !== undefined && messageId >= below)) return false;
  if (logs !== 'all' && !document.logs.some((log) => logs.includes(log))) return false;
  return conversationId === undefined || document.conversationId === conversationId;
}

function hasTerm(tokens: ReadonlySet<string>, term: SearchTerm): boolean {
  if (term.tokens.some((token) => tokens.has(token))) return true;
  return term.beginnings.some((start) => tokens.values().some((token) => token.startsWith(start)));
}

/** The order of hits: exact ones first, then newest first. */
function compareHits(a: Pick<SearchHit, 'exact' | 'messageId'>, b: Pick<SearchHit, 'exact' | 'messageId'>): number {
  if (a.exact !== b.exact) return a.exact ? -1 : 1;
  return a.messageId === b.messageId ? 0 : a.messageId < b.messageId ? 1 : -1;
}

/** An inverted index: the documents of each token. */
export class SearchTable {
  readonly #entries = new Map<MessageId, Entry>();
  readonly #byToken = new Map<string, Set<Entry>>();

  write(document: SearchDocument): void {
    const kept = this.#entries.get(document.messageId);
    if (kept !== undefined && kept.document.version >= document.version) return;
    this.remove(document.messageId);
    const entry = { document: { ...document }, tokens: new Set(indexTokens(document.text)) };
    this.#entries.set(document.messageId, entry);
    for (const token of entry.tokens) {
      const entries = this.#byToken.get(token);
      if (entries === undefined) this.#byToken.set(token, new Set([entry]));
      else entries.add(entry);
    }
  }

  remove(messageId: MessageId): void {
    const entry = this.#entries.get(messageId);
    if (entry === undefined) return;
    this.#entries.delete(messageId);
    for (const token of entry.tokens) {
      const entries = this.#byToken.get(token);
      entries?.delete(entry);
      if (entries?.size === 0) this.#byToken.delete(token);
    }
  }

  search(query: SearchQuery): SearchHit[] {
    const { text, after, limit } = query;
    const terms = searchTerms(text);
    if (terms.length === 0) return [];
    return this.#candidates(terms)
      .filter(({ document, tokens }) => isFor(query, document) && terms.every((term) => hasTerm(tokens, term)))
      .map(({ document: { version: _, logs: __, ...document }, tokens }) => ({
        ...document,
        exact: terms.every(({ exact }) => tokens.has(exact)),
      }))
      .filter((hit) => after === undefined || compareHits(after, hit) < 0)
      .sort(compareHits)
      .slice(0, limit);
  }

  /** The entries of the term that matches fewest. */
  #candidates(terms: readonly SearchTerm[]): Entry[] {
    const whole = terms.filter(({ beginnings }) => beginnings.length === 0);
    const sets = whole.map(({ tokens }) => new Set(tokens.flatMap((token) => [...(this.#byToken.get(token) ?? [])])));
    const [fewest] = sets.sort((a, b) => a.size - b.size);
    return [...(fewest ?? this.#entries.values())];
  }
}
