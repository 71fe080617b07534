import type { SearchDocument, SearchIndex } from '@chasqui/ports';
import { SearchTable } from './search-table.ts';

/** A search index in memory: for tests and simulations. What it has indexed is found at once. */
export function createMemorySearch(): SearchIndex {
  let live = new SearchTable();
  const rebuilding = new Set<SearchTable>();
  const write = (tables: Iterable<SearchTable>, documents: readonly SearchDocument[]): null[] => {
    for (const table of tables) for (const document of documents) table.write(document);
    return documents.map(() => null);
  };
  return {
    async index(documents) {
      return write([live, ...rebuilding], documents);
    },
    async remove(keys) {
      for (const table of [live, ...rebuilding]) for (const { messageId } of keys) table.remove(messageId);
    },
    async search(query) {
      return live.search(query);
    },
    async rebuild() {
      const table = new SearchTable();
      rebuilding.add(table);
      return {
        index: async (documents) => write([table], documents),
        async commit() {
          if (rebuilding.delete(table)) live = table;
        },
        async [Symbol.asyncDispose]() {
          rebuilding.delete(table);
        },
      };
    },
    rebuildDue: async () => false,
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
