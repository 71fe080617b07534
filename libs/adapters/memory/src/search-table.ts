import { indexTokens, type MessageId, queryTokens } from '@chasqui/domain';
import type { SearchDocument, SearchHit, SearchQuery } from '@chasqui/ports';

interface Entry {
  document: SearchDocument;
  tokens: string[];
}

function hitOf({ version: _, ...hit }: SearchDocument): SearchHit {
  return hit;
}

function isFor({ userId, conversationId, before }: SearchQuery, document: SearchDocument): boolean {
  if (document.from !== userId && document.to !== userId) return false;
  if (conversationId !== undefined && document.conversationId !== conversationId) return false;
  return before === undefined || document.messageId < before;
}

/** One inverted index: which documents have which token. */
export class SearchTable {
  readonly #entries = new Map<MessageId, Entry>();
  readonly #byToken = new Map<string, Set<Entry>>();

  write(document: SearchDocument): void {
    const kept = this.#entries.get(document.messageId);
    if (kept !== undefined && kept.document.version >= document.version) return;
    this.remove(document.messageId);
    const entry = { document: { ...document }, tokens: indexTokens(document.text) };
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
    const [rarest, ...others] = queryTokens(query.text)
      .map((token) => this.#byToken.get(token) ?? new Set<Entry>())
      .sort((a, b) => a.size - b.size);
    return [...(rarest ?? [])]
      .filter((entry) => isFor(query, entry.document) && others.every((entries) => entries.has(entry)))
      .map(({ document }) => hitOf(document))
      .sort((a, b) => (a.messageId < b.messageId ? 1 : -1))
      .slice(0, query.limit);
  }
}
